"""Gradient estimation (Permenter and Yuan 2023, arXiv 2306.04848)."""

from itertools import pairwise

from torch import Tensor

from hub.engine.sampling.denoising import Sampler, denoise, denoise_both
from hub.engine.sampling.diffusion import Diffusion


def gradient_estimation(
    x: Tensor, sigmas: Tensor, diffusion: Diffusion, *, ge_gamma: float = 2.0
) -> Sampler:
    """Euler steps whose slope is carried on by `ge_gamma` − 1 times its last change."""
    before: Tensor | None = None
    for sigma, sigma_next in pairwise(sigmas):
        denoised = yield from denoise(x, sigma)
        if sigma_next == 0:
            return denoised
        slope, change = (x - denoised) / sigma, sigma_next - sigma
        x = x + slope * change
        if before is not None:
            x = x + (ge_gamma - 1) * (slope - before) * change
        before = slope
    return x


def gradient_estimation_cfg_pp(
    x: Tensor, sigmas: Tensor, diffusion: Diffusion, *, ge_gamma: float = 2.0
) -> Sampler:
    """The same with CFG++ (Chung et al. 2024): guided latent, unguided slope."""
    before: Tensor | None = None
    for sigma, sigma_next in pairwise(sigmas):
        denoised, unguided = yield from denoise_both(x, sigma)
        if sigma_next == 0:
            return denoised
        slope = (x - unguided) / sigma
        x = denoised + slope * sigma_next
        if before is not None:
            x = x + (ge_gamma - 1) * (slope - before) * (sigma_next - sigma)
        before = slope
    return x
