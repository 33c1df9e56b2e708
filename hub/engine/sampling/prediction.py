"""What the output of a model means, and how its latents are mixed with noise.

Noise levels broadcast against latents: a scalar for one run, [batch, 1, 1, 1] for a joined batch.
The parametrisations that are not flows all have x = latent + sigma · noise in common (Karras et
al. 2022, "Elucidating the Design Space of Diffusion-Based Generative Models", table 1).
"""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import torch
from torch import Tensor


class StepDown(NamedTuple):
    """A step of an ancestral sampler: down to `sigma` without noise, then x · keep + up · noise."""

    sigma: Tensor
    keep: Tensor
    up: Tensor


ALMOST_PURE_NOISE = 0.9999  # a flow's pure noise has no finite log-SNR


def posterior_step(sigma: Tensor, sigma_next: Tensor, eta: float) -> StepDown:
    """With eta 1 the new noise is that of the diffusion's posterior (Song et al. 2020, eq. 16)."""
    if eta == 0:
        return StepDown(sigma_next, torch.ones(()), torch.zeros(()))
    new = eta * (sigma_next**2 * (sigma**2 - sigma_next**2) / sigma**2) ** 0.5
    up = torch.minimum(sigma_next, new)
    return StepDown((sigma_next**2 - up**2) ** 0.5, torch.ones(()), up)


class Prediction(Protocol):
    """How to ask a model, and how to read what it answers."""

    def scaled(self, x: Tensor, sigma: Tensor) -> Tensor:
        """The latent at the size on which the model was trained."""

    def denoised(self, x: Tensor, sigma: Tensor, output: Tensor) -> Tensor:
        """The clean latent that the model's output speaks of; `x` is not scaled."""

    def noised(self, latent: Tensor, noise: Tensor, sigma: Tensor) -> Tensor:
        """The latent with noise of this level."""

    def pure_noise(self, latent: Tensor, noise: Tensor, sigma: Tensor) -> Tensor:
        """The latent where sampling starts from the model's highest level."""

    def finished(self, x: Tensor, sigma: Tensor) -> Tensor:
        """What a sampler ended with at level `sigma`, as a latent."""

    def step_down(self, sigma: Tensor, sigma_next: Tensor, eta: float) -> StepDown:
        """How to get from one level to the next, the more of it by new noise the greater `eta`."""

    def middle(self, sigma: Tensor, sigma_next: Tensor) -> Tensor:
        """The level in the middle of two, by their log-SNR."""


@dataclass(frozen=True)
class _Exploding:
    """Noise is added to the latent, which keeps its size."""

    sigma_data: float = 1.0

    def scaled(self, x: Tensor, sigma: Tensor) -> Tensor:
        return x / (sigma**2 + self.sigma_data**2) ** 0.5

    def noised(self, latent: Tensor, noise: Tensor, sigma: Tensor) -> Tensor:
        return latent + sigma * noise

    def pure_noise(self, latent: Tensor, noise: Tensor, sigma: Tensor) -> Tensor:
        """The highest level of these models is finite; more noise makes up for that."""
        return latent + (1 + sigma**2) ** 0.5 * noise

    def finished(self, x: Tensor, sigma: Tensor) -> Tensor:
        return x

    def step_down(self, sigma: Tensor, sigma_next: Tensor, eta: float) -> StepDown:
        return posterior_step(sigma, sigma_next, eta)

    def middle(self, sigma: Tensor, sigma_next: Tensor) -> Tensor:
        return sigma.log().lerp(sigma_next.log(), 0.5).exp()


class Epsilon(_Exploding):
    """The model predicts the noise (Ho et al. 2020)."""

    def denoised(self, x: Tensor, sigma: Tensor, output: Tensor) -> Tensor:
        return x - sigma * output


class Velocity(_Exploding):
    """The model predicts v (Salimans and Ho 2022)."""

    sign = -1

    def denoised(self, x: Tensor, sigma: Tensor, output: Tensor) -> Tensor:
        variance = sigma**2 + self.sigma_data**2
        kept = x * self.sigma_data**2 / variance
        return kept + self.sign * output * sigma * self.sigma_data / variance**0.5


class Edm(Velocity):
    """The preconditioning of Karras et al. 2022: v with the other sign."""

    sign = 1


class Clean(_Exploding):
    """The model predicts the clean latent itself."""

    def denoised(self, x: Tensor, sigma: Tensor, output: Tensor) -> Tensor:
        return output


class Restored(Clean):
    """The model is shown the latent in its own size, and predicts it without its flaws."""

    def scaled(self, x: Tensor, sigma: Tensor) -> Tensor:
        return x


class Flow:
    """The model predicts noise − latent on the straight way between them (Lipman et al. 2022)."""

    def scaled(self, x: Tensor, sigma: Tensor) -> Tensor:
        return x

    def denoised(self, x: Tensor, sigma: Tensor, output: Tensor) -> Tensor:
        return x - sigma * output

    def noised(self, latent: Tensor, noise: Tensor, sigma: Tensor) -> Tensor:
        return sigma * noise + (1 - sigma) * latent

    pure_noise = noised

    def finished(self, x: Tensor, sigma: Tensor) -> Tensor:
        return x / (1 - sigma)

    def step_down(self, sigma: Tensor, sigma_next: Tensor, eta: float) -> StepDown:
        """Goes too far down by a factor, and restores the share of the noise with new one."""
        down = sigma_next * (1 + (sigma_next / sigma - 1) * eta)
        keep = (1 - sigma_next) / (1 - down)
        return StepDown(down, keep, (sigma_next**2 - (down * keep) ** 2) ** 0.5)

    def middle(self, sigma: Tensor, sigma_next: Tensor) -> Tensor:
        if sigma >= 1:
            return torch.full_like(sigma, ALMOST_PURE_NOISE)
        return sigma.logit().lerp(sigma_next.logit(), 0.5).sigmoid()
