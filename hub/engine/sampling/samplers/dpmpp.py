"""DPM-Solver++ multistep, of second order, without noise (Lu et al. 2022b, Algorithm 2)."""

from itertools import pairwise

from torch import Tensor

from hub.engine.sampling.denoising import Sampler, denoise, denoise_both
from hub.engine.sampling.diffusion import Diffusion


def dpmpp_2m(x: Tensor, sigmas: Tensor, diffusion: Diffusion) -> Sampler:
    """The clean latent is carried on along the line through its last two values in log-SNR."""
    before, h_before = None, None
    for sigma, sigma_next in pairwise(sigmas):
        denoised = yield from denoise(x, sigma)
        h = sigma.log() - sigma_next.log()
        ahead = denoised
        if before is not None and h_before is not None and sigma_next > 0:
            ahead = denoised + (denoised - before) * (h / (2 * h_before))
        x = sigma_next / sigma * x - (-h).expm1() * ahead
        before, h_before = denoised, h
    return x


def dpmpp_2m_cfg_pp(x: Tensor, sigmas: Tensor, diffusion: Diffusion) -> Sampler:
    """The same with CFG++ (Chung et al. 2024): guided latent, unguided noise.

    The line goes from the last unguided clean latent to the guided one.
    """
    before, h_before = None, None
    for sigma, sigma_next in pairwise(sigmas):
        denoised, unguided = yield from denoise_both(x, sigma)
        h = sigma.log() - sigma_next.log()
        x = denoised + sigma_next / sigma * (x - unguided)
        if before is not None and h_before is not None and sigma_next > 0:
            x = x - (-h).expm1() * (denoised - before) * (h / (2 * h_before))
        before, h_before = unguided, h
    return x
