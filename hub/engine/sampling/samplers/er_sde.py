"""ER-SDE-Solver (Cui et al. 2023, arXiv 2309.06169)."""

from collections.abc import Callable

import torch
from torch import Tensor

from hub.engine.sampling.denoising import Sampler, denoise
from hub.engine.sampling.diffusion import Diffusion
from hub.engine.sampling.signal_to_noise import by_signal_to_noise

# φ of the paper, which says how fast old noise is replaced on the way down.
NoiseScaler = Callable[[Tensor], Tensor]
POINTS = 200


def extended(sigma: Tensor) -> Tensor:
    """The paper's recommendation (section 4.3, "ER SDE 5")."""
    return sigma * ((sigma**0.3).exp() + 10.0)


def reverse_time(eta: float) -> NoiseScaler:
    """The usual reverse-time SDE with eta 1, the ODE with eta 0."""
    return lambda sigma: sigma ** (eta + 1)


@by_signal_to_noise
def er_sde(
    x: Tensor,
    sigmas: Tensor,
    diffusion: Diffusion,
    *,
    s_noise: float = 1.0,
    max_stage: int = 3,
    noise_scaler: NoiseScaler = extended,
) -> Sampler:
    """Algorithms 1 to 3: up to three orders of Taylor's expansion of the clean latent in sigma."""
    noise = diffusion.white(x)
    before, slope_before = None, None
    for step, sigma in enumerate(sigmas[:-1]):
        sigma_next = sigmas[step + 1]
        denoised = yield from denoise(x, sigma)
        if sigma_next == 0:
            return denoised
        scale, change = noise_scaler(sigma_next), sigma_next - sigma
        left = scale / noise_scaler(sigma)
        x = left * x + (1 - left) * denoised
        first, second = _integrals(sigma, sigma_next, noise_scaler)
        if before is not None and max_stage >= 2:
            slope = (denoised - before) / (sigma - sigmas[step - 1])
            x = x + (change + first * scale) * slope
            if slope_before is not None and max_stage >= 3:
                bend = (slope - slope_before) / ((sigma - sigmas[step - 2]) / 2)
                x = x + (change**2 / 2 + second * scale) * bend
            slope_before = slope
        if s_noise > 0:
            added = (sigma_next**2 - sigma**2 * left**2).clamp(min=0).sqrt()
            x = x + noise(sigma, sigma_next) * s_noise * added
        before = denoised
    return x


def _integrals(sigma: Tensor, sigma_next: Tensor, scaler: NoiseScaler) -> tuple[Tensor, Tensor]:
    """∫ 1/φ and ∫ (σ' − σ)/φ over the step, by the rectangle rule as in the authors' code.

    Its error is all that remains of first order in the solvers of higher ones.
    """
    width = (sigma - sigma_next) / POINTS
    places = sigma_next + torch.arange(POINTS) * width
    scaled = scaler(places)
    return (1 / scaled).sum() * width, ((places - sigma) / scaled).sum() * width
