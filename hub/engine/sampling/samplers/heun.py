"""Heun's method: each step is corrected by the slope where it ends."""

from itertools import pairwise

from torch import Tensor

from hub.engine.sampling.denoising import Sampler, denoise
from hub.engine.sampling.diffusion import Diffusion
from hub.engine.sampling.samplers.churn import NO_CHURN, Churn


def heun(x: Tensor, sigmas: Tensor, diffusion: Diffusion, *, churn: Churn = NO_CHURN) -> Sampler:
    """Karras et al. 2022, Algorithm 2. Second order, two evaluations per step."""
    noise = diffusion.white(x)
    for sigma, sigma_next in pairwise(sigmas):
        x, sigma = churn.stirred(x, sigma, len(sigmas) - 1, noise)
        denoised = yield from denoise(x, sigma)
        slope, change = (x - denoised) / sigma, sigma_next - sigma
        if sigma_next > 0:
            ahead = x + slope * change
            denoised = yield from denoise(ahead, sigma_next)
            slope = (slope + (ahead - denoised) / sigma_next) / 2
        x = x + slope * change
    return x


def heunpp2(x: Tensor, sigmas: Tensor, diffusion: Diffusion, *, churn: Churn = NO_CHURN) -> Sampler:
    """Heun++: looks up to two steps ahead, and weighs the slopes there by their noise levels.

    Early slopes count hardly at all, so it is close to Euler's method at high levels. First order,
    up to three evaluations per step.
    """
    noise = diffusion.white(x)
    for step, (sigma, sigma_next) in enumerate(pairwise(sigmas)):
        x, sigma = churn.stirred(x, sigma, len(sigmas) - 1, noise)
        denoised = yield from denoise(x, sigma)
        change, ahead = sigma_next - sigma, x
        slopes = [(x - denoised) / sigma]
        levels = [sigma, *sigmas[step + 1 : -1][:2]]
        for level, level_ahead in pairwise(levels):
            ahead = ahead + slopes[-1] * (level_ahead - level)
            denoised = yield from denoise(ahead, level_ahead)
            slopes.append((ahead - denoised) / level_ahead)
        weights = [level / (len(slopes) * sigmas[0]) for level in levels[1:]]
        slope = slopes[0] * (1 - sum(weights))
        for weight, slope_ahead in zip(weights, slopes[1:], strict=True):
            slope = slope + weight * slope_ahead
        x = x + slope * change
    return x
