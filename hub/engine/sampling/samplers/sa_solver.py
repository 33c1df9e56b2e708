"""SA-Solver: stochastic Adams methods (Xue et al. 2023, arXiv 2309.05019).

λ = −ln sigma is half the log-SNR. τ scales the noise of an interval; by default it is 1 in the
middle of the way and 0 elsewhere.
"""

import math
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from torch import Tensor

from hub.engine.sampling.denoising import Sampler, denoise
from hub.engine.sampling.diffusion import Diffusion
from hub.engine.sampling.samplers.combining import combined, interpolating_weights
from hub.engine.sampling.signal_to_noise import by_signal_to_noise

NO_LIMIT = 10**9


@by_signal_to_noise
def sa_solver(
    x: Tensor,
    sigmas: Tensor,
    diffusion: Diffusion,
    *,
    eta: float = 1.0,
    sde_start_percent: float = 0.2,
    sde_end_percent: float = 0.8,
    s_noise: float = 1.0,
    predictor_order: int = 3,
    corrector_order: int = 4,
    use_pece: bool = False,
    simple_order_2: bool = False,
) -> Sampler:
    """Algorithm 1: predict, evaluate, correct; with `use_pece` evaluate once more.

    The correction goes over the same interval once more, now that its end has been evaluated, and
    with the same noise. Orders fall towards the end, where the way leads to 0.
    """
    high = diffusion.percent_to_sigma(sde_start_percent)
    low = diffusion.percent_to_sigma(sde_end_percent)
    noise, lambdas = diffusion.white(x), -sigmas.double().log()
    to_go = len(sigmas) - 1 if sigmas[-1] == 0 else NO_LIMIT
    past: list[Tensor] = []  # clean latents, newest first
    interval, predicted = None, x
    for step, (sigma, sigma_next) in enumerate(pairwise(sigmas)):
        newest = yield from denoise(predicted, sigma)
        past = [newest, *past][: max(predictor_order, corrector_order)]
        known, x = lambdas[: step + 1].flip(0), predicted
        order = min(corrector_order, to_go - step)
        if interval is not None and order > 0 and (sigma_next > 0 or use_pece):
            x = interval.crossed(past[:order], known)
            if use_pece:
                past[0] = yield from denoise(x, sigma)
        if sigma_next == 0:
            return past[0]
        tau = eta if low <= sigma_next <= high else 0.0
        interval = _Interval(x, lambdas[step], lambdas[step + 1], tau, simple_order_2)
        if tau > 0 and s_noise > 0:
            interval.added = noise(sigma, sigma_next) * sigma_next * s_noise * interval.new_noise()
        predicted = interval.crossed(past[: min(predictor_order, to_go - step - 1)], known)
    return predicted


sa_solver_pece = partial(sa_solver, use_pece=True)


@dataclass
class _Interval:
    """A step in λ, from the state `x`."""

    x: Tensor
    start: Tensor
    end: Tensor
    tau: float
    simple: bool
    added: Tensor | float = 0.0

    def __post_init__(self) -> None:
        self._width = float((1 + self.tau**2) * (self.end - self.start))

    def crossed(self, latents: list[Tensor], known: Tensor) -> Tensor:
        """The state at the end, by clean latents at known places, newest first.

        Of the places, there may be more than latents.
        """
        known = known[: len(latents)]
        weights = self._simple(known) if self.simple and len(known) == 2 else self._exact(known)
        return math.exp(-self._width) * self.x + combined(weights, latents) + self.added

    def new_noise(self) -> float:
        return math.sqrt(-math.expm1(-2 * self.tau**2 * float(self.end - self.start)))

    def _exact(self, known: Tensor) -> list[float]:
        """Equations 15 and 18: integrals of e^u times Lagrange's polynomials, u from −width to 0.

        They follow from those of e^u times 1, u, u² …, which follow from one another by parts.
        """
        decay = math.exp(-self._width)
        integrals = [-math.expm1(-self._width)]
        for power in range(1, len(known)):
            integrals.append(-((-self._width) ** power) * decay - power * integrals[-1])
        return interpolating_weights((1 + self.tau**2) * (known - self.end), integrals)

    def _simple(self, known: Tensor) -> list[float]:
        """Appendix D: both methods of second order, by a trapezium and by a line."""
        done = -math.expm1(-self._width)
        if known[0] == self.end:
            return [self._width / 2, done - self._width / 2]
        older = self._width / 2 * float((self.end - self.start) / (known[1] - self.start))
        return [done - older, older]
