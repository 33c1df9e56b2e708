"""Midpoint methods in the logarithm of the noise level: DPM-Solver-2 and DPM-Solver++(2S)."""

from itertools import pairwise

from torch import Tensor

from hub.engine.sampling.denoising import Sampler, denoise, denoise_both
from hub.engine.sampling.diffusion import Diffusion
from hub.engine.sampling.prediction import posterior_step
from hub.engine.sampling.samplers.churn import NO_CHURN, Churn


def dpm_2(x: Tensor, sigmas: Tensor, diffusion: Diffusion, *, churn: Churn = NO_CHURN) -> Sampler:
    """DPM-Solver-2 (Lu et al. 2022) in the form of Karras et al. 2022. Second order."""
    noise = diffusion.white(x)
    for sigma, sigma_next in pairwise(sigmas):
        x, sigma = churn.stirred(x, sigma, len(sigmas) - 1, noise)
        x = yield from _by_the_slope_at_the_middle(x, sigma, sigma_next)
    return x


def dpm_2_ancestral(
    x: Tensor, sigmas: Tensor, diffusion: Diffusion, *, eta: float = 1.0, s_noise: float = 1.0
) -> Sampler:
    """As `dpm_2`, to too low a level, followed by new noise."""
    noise = diffusion.white(x)
    for sigma, sigma_next in pairwise(sigmas):
        down, keep, up = diffusion.step_down(sigma, sigma_next, eta)
        x = yield from _by_the_slope_at_the_middle(x, sigma, down)
        if up > 0:
            x = keep * x + noise(sigma, sigma_next) * s_noise * up
    return x


def _by_the_slope_at_the_middle(x: Tensor, sigma: Tensor, target: Tensor) -> Sampler:
    """Euler's method where the target is 0, as there is no middle on the way there."""
    denoised = yield from denoise(x, sigma)
    slope = (x - denoised) / sigma
    if target > 0:
        middle = sigma.log().lerp(target.log(), 0.5).exp()
        ahead = x + slope * (middle - sigma)
        denoised = yield from denoise(ahead, middle)
        slope = (ahead - denoised) / middle
    return x + slope * (target - sigma)


def dpmpp_2s_ancestral(
    x: Tensor, sigmas: Tensor, diffusion: Diffusion, *, eta: float = 1.0, s_noise: float = 1.0
) -> Sampler:
    """DPM-Solver++(2S) (Lu et al. 2022b, Algorithm 1, r = 1/2), followed by new noise.

    The middle is that of the log-SNR. Second order without noise.
    """
    noise = diffusion.white(x)
    for sigma, sigma_next in pairwise(sigmas):
        down, keep, up = diffusion.step_down(sigma, sigma_next, eta)
        denoised = yield from denoise(x, sigma)
        if down > 0:
            middle = diffusion.middle(sigma, down)
            ahead = _towards(denoised, x, middle / sigma)
            denoised = yield from denoise(ahead, middle)
        x = _towards(denoised, x, down / sigma)
        if up > 0:
            x = keep * x + noise(sigma, sigma_next) * s_noise * up
    return x


def dpmpp_2s_ancestral_cfg_pp(
    x: Tensor, sigmas: Tensor, diffusion: Diffusion, *, eta: float = 1.0, s_noise: float = 1.0
) -> Sampler:
    """The same with CFG++ (Chung et al. 2024).

    Moving x by guided − unguided makes the unguided noise that of the guided latent.
    """
    noise = diffusion.white(x)
    for sigma, sigma_next in pairwise(sigmas):
        down, _, up = posterior_step(sigma, sigma_next, eta)
        denoised, unguided = yield from denoise_both(x, sigma)
        x = x + (denoised - unguided)
        if down > 0:
            middle = (sigma * down).sqrt()
            ahead = _towards(denoised, x, middle / sigma)
            denoised = yield from denoise(ahead, middle)
        x = _towards(denoised, x, down / sigma)
        if up > 0:
            x = x + noise(sigma, sigma_next) * s_noise * up
    return x


def _towards(denoised: Tensor, x: Tensor, left: Tensor) -> Tensor:
    """x with this share of its noise left."""
    return denoised + left * (x - denoised)
