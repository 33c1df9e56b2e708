"""Refined exponential solver, multistep, of second order (Zhang et al. 2023, arXiv 2308.02157)."""

from itertools import pairwise

from torch import Tensor

from hub.engine.sampling.denoising import Sampler, denoise, denoise_both
from hub.engine.sampling.diffusion import Diffusion
from hub.engine.sampling.prediction import posterior_step


def res_multistep_ancestral(
    x: Tensor, sigmas: Tensor, diffusion: Diffusion, *, eta: float = 1.0, s_noise: float = 1.0
) -> Sampler:
    """Steps that go too far down, followed by new noise."""
    noise = diffusion.white(x)
    before, h_before = None, None
    for sigma, sigma_next in pairwise(sigmas):
        down, _, up = posterior_step(sigma, sigma_next, eta)
        denoised = yield from denoise(x, sigma)
        h = sigma.log() - down.log()
        x = denoised + down / sigma * (x - denoised)
        if before is not None and h_before is not None and down > 0:
            x = x + _bend(h) * (denoised - before) * (h / h_before)
        if up > 0:
            x = x + noise(sigma, sigma_next) * s_noise * up
        before, h_before = denoised, h
    return x


def res_multistep(x: Tensor, sigmas: Tensor, diffusion: Diffusion) -> Sampler:
    """The same without noise."""
    return res_multistep_ancestral(x, sigmas, diffusion, eta=0.0)


def res_multistep_ancestral_cfg_pp(
    x: Tensor, sigmas: Tensor, diffusion: Diffusion, *, eta: float = 1.0, s_noise: float = 1.0
) -> Sampler:
    """The same with CFG++ (Chung et al. 2024).

    Moving x by guided − unguided makes the unguided noise that of the guided latent. Between the
    first and the last step the solver then follows the unguided latents.
    """
    noise = diffusion.white(x)
    before, h_before = None, None
    for sigma, sigma_next in pairwise(sigmas):
        down, _, up = posterior_step(sigma, sigma_next, eta)
        denoised, unguided = yield from denoise_both(x, sigma)
        h = sigma.log() - down.log()
        x = x + (denoised - unguided)
        if before is None or h_before is None or down == 0:
            x = denoised + down / sigma * (x - denoised)
        else:
            x = unguided + down / sigma * (x - unguided)
            x = x + _bend(h) * (unguided - before) * (h / h_before)
        if up > 0:
            x = x + noise(sigma, sigma_next) * s_noise * up
        before, h_before = unguided, h
    return x


def res_multistep_cfg_pp(x: Tensor, sigmas: Tensor, diffusion: Diffusion) -> Sampler:
    """CFG++ without noise."""
    return res_multistep_ancestral_cfg_pp(x, sigmas, diffusion, eta=0.0)


def _bend(h: Tensor) -> Tensor:
    """h · φ₂(−h): the weight of the clean latent's change over the step."""
    return 1 + (-h).expm1() / h
