"""One evaluation per step and no memory: Euler's method and what is close to it."""

from itertools import pairwise

from torch import Tensor

from hub.engine.sampling.denoising import Sampler, denoise, denoise_both
from hub.engine.sampling.diffusion import Diffusion
from hub.engine.sampling.samplers.churn import NO_CHURN, Churn
from hub.engine.sampling.signal_to_noise import by_signal_to_noise


def euler(x: Tensor, sigmas: Tensor, diffusion: Diffusion, *, churn: Churn = NO_CHURN) -> Sampler:
    """Karras et al. 2022, Algorithm 2 without its correction. First order."""
    noise = diffusion.white(x)
    for sigma, sigma_next in pairwise(sigmas):
        x, sigma = churn.stirred(x, sigma, len(sigmas) - 1, noise)
        denoised = yield from denoise(x, sigma)
        x = x + (x - denoised) / sigma * (sigma_next - sigma)
    return x


def ddim(x: Tensor, sigmas: Tensor, diffusion: Diffusion) -> Sampler:
    """DDIM (Song et al. 2020) without noise is Euler's method."""
    return euler(x, sigmas, diffusion)


def euler_ancestral(
    x: Tensor, sigmas: Tensor, diffusion: Diffusion, *, eta: float = 1.0, s_noise: float = 1.0
) -> Sampler:
    """Euler steps that go too far down, followed by new noise (Song et al. 2020, DDIM's eta)."""
    noise = diffusion.white(x)
    for sigma, sigma_next in pairwise(sigmas):
        down, keep, up = diffusion.step_down(sigma, sigma_next, eta)
        denoised = yield from denoise(x, sigma)
        x = x + (x - denoised) / sigma * (down - sigma)
        if up > 0:
            x = keep * x + noise(sigma, sigma_next) * s_noise * up
    return x


@by_signal_to_noise
def euler_ancestral_cfg_pp(
    x: Tensor, sigmas: Tensor, diffusion: Diffusion, *, eta: float = 1.0, s_noise: float = 1.0
) -> Sampler:
    """CFG++ (Chung et al. 2024): the noise is told by the unguided model, the latent is guided."""
    noise = diffusion.white(x)
    for sigma, sigma_next in pairwise(sigmas):
        down, _, up = diffusion.step_down(sigma, sigma_next, eta)
        denoised, unguided = yield from denoise_both(x, sigma)
        x = denoised + (x - unguided) / sigma * down
        if up > 0:
            x = x + noise(sigma, sigma_next) * s_noise * up
    return x


def euler_cfg_pp(x: Tensor, sigmas: Tensor, diffusion: Diffusion) -> Sampler:
    """CFG++ without noise."""
    return euler_ancestral_cfg_pp(x, sigmas, diffusion, eta=0.0)


def euler_alternative_cfg_pp(x: Tensor, sigmas: Tensor, diffusion: Diffusion) -> Sampler:
    """Euler steps whose slope counts what guidance changes twice: (x − 2 guided + unguided) / σ."""
    for sigma, sigma_next in pairwise(sigmas):
        denoised, unguided = yield from denoise_both(x, sigma)
        x = x + (x - 2 * denoised + unguided) / sigma * (sigma_next - sigma)
    return x


def ddpm(x: Tensor, sigmas: Tensor, diffusion: Diffusion) -> Sampler:
    """Ho et al. 2020, Algorithm 2, for any levels: what is left of the noise shrinks by σ'²/σ²."""
    noise = diffusion.white(x)
    for sigma, sigma_next in pairwise(sigmas):
        denoised = yield from denoise(x, sigma)
        left = (sigma_next / sigma) ** 2
        x = denoised + (x - denoised) * left
        if sigma_next > 0:
            x = x + noise(sigma, sigma_next) * sigma_next * (1 - left) ** 0.5
    return x


def lcm(x: Tensor, sigmas: Tensor, diffusion: Diffusion) -> Sampler:
    """Each step goes all the way and then back up with new noise (Luo et al. 2023)."""
    noise = diffusion.white(x)
    for sigma, sigma_next in pairwise(sigmas):
        x = yield from denoise(x, sigma)
        if sigma_next > 0:
            x = diffusion.noised(x, noise(sigma, sigma_next), sigma_next)
    return x
