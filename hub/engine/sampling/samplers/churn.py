"""Churn: noise that is added before each step, and taken away again by the step."""

from dataclasses import dataclass

from torch import Tensor

from hub.engine.sampling.noise import Noise


@dataclass(frozen=True, kw_only=True)
class Churn:
    """The settings of Karras et al. 2022, Algorithm 2, in their names; none by default."""

    s_churn: float = 0.0
    s_tmin: float = 0.0
    s_tmax: float = float("inf")
    s_noise: float = 1.0

    def stirred(self, x: Tensor, sigma: Tensor, steps: int, noise: Noise) -> tuple[Tensor, Tensor]:
        """The latent with its noise level raised, and that level."""
        if self.s_churn == 0 or not self.s_tmin <= sigma <= self.s_tmax:
            return x, sigma
        raised = sigma * (1 + min(self.s_churn / steps, 2**0.5 - 1))
        amount = self.s_noise * (raised**2 - sigma**2) ** 0.5
        return x + amount * noise(raised, sigma), raised


NO_CHURN = Churn()
