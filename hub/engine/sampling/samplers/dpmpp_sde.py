"""DPM-Solver++ for stochastic differential equations (Lu et al. 2022b, section 4 and appendix).

λ = −ln sigma is half the log-SNR, h a step of it. Noise comes from a Brownian motion over the noise
levels; `tree_on_cpu` says where that is calculated. The last step goes straight to the clean
latent.
"""

from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor

from hub.engine.sampling.denoising import Sampler, denoise
from hub.engine.sampling.diffusion import Diffusion
from hub.engine.sampling.signal_to_noise import by_signal_to_noise


@by_signal_to_noise
def dpmpp_sde(
    x: Tensor,
    sigmas: Tensor,
    diffusion: Diffusion,
    *,
    eta: float = 1.0,
    s_noise: float = 1.0,
    r: float = 0.5,
    tree_on_cpu: bool = True,
) -> Sampler:
    """Single step with two evaluations, the second at the part `r` of the step in log-SNR."""
    noise = diffusion.brownian(x, sigmas, on_cpu=tree_on_cpu)
    for sigma, sigma_next in pairwise(sigmas):
        denoised = yield from denoise(x, sigma)
        if sigma_next == 0:
            return denoised
        middle = (-torch.lerp(-sigma.log(), -sigma_next.log(), r)).exp()
        down, _, up = diffusion.step_down(sigma, middle, eta)
        ahead = denoised + down / sigma * (x - denoised)
        if up > 0:
            ahead = ahead + noise(sigma, middle) * s_noise * up
        denoised_ahead = yield from denoise(ahead, middle)
        mixed = denoised + (denoised_ahead - denoised) / (2 * r)
        down, _, up = diffusion.step_down(sigma, sigma_next, eta)
        x = mixed + down / sigma * (x - mixed)
        if up > 0:
            x = x + noise(sigma, sigma_next) * s_noise * up
    return x


@by_signal_to_noise
def dpmpp_2m_sde(
    x: Tensor,
    sigmas: Tensor,
    diffusion: Diffusion,
    *,
    eta: float = 1.0,
    s_noise: float = 1.0,
    solver_type: Literal["midpoint", "heun"] = "midpoint",
    tree_on_cpu: bool = True,
) -> Sampler:
    """Multistep of second order."""
    noise = diffusion.brownian(x, sigmas, on_cpu=tree_on_cpu)
    before, h_before = None, None
    for sigma, sigma_next in pairwise(sigmas):
        denoised = yield from denoise(x, sigma)
        if sigma_next == 0:
            return denoised
        h = sigma.log() - sigma_next.log()
        width = h * (1 + eta)
        done = -(-width).expm1()
        x = sigma_next / sigma * (-h * eta).exp() * x + done * denoised
        if before is not None and h_before is not None:
            weight = done / 2 if solver_type == "midpoint" else 1 - done / width
            x = x + weight * (denoised - before) * (h / h_before)
        if eta and s_noise:
            x = x + noise(sigma, sigma_next) * _added(sigma_next, h, eta) * s_noise
        before, h_before = denoised, h
    return x


@by_signal_to_noise
def dpmpp_3m_sde(
    x: Tensor,
    sigmas: Tensor,
    diffusion: Diffusion,
    *,
    eta: float = 1.0,
    s_noise: float = 1.0,
    tree_on_cpu: bool = True,
) -> Sampler:
    """Multistep from the divided differences of the last three clean latents.

    The second difference has half of the weight that would make it of third order, as published.
    """
    noise = diffusion.brownian(x, sigmas, on_cpu=tree_on_cpu)
    past: list[tuple[Tensor, Tensor]] = []  # clean latents and the steps after them, newest first
    for sigma, sigma_next in pairwise(sigmas):
        denoised = yield from denoise(x, sigma)
        if sigma_next == 0:
            return denoised
        h = sigma.log() - sigma_next.log()
        width = h * (1 + eta)
        x = sigma_next / sigma * (-h * eta).exp() * x - (-width).expm1() * denoised
        first, second = _differences(denoised, h, past)
        phi_2 = (-width).expm1() / width + 1
        x = x + phi_2 * first - (phi_2 / width - 0.5) * second
        if eta and s_noise:
            x = x + noise(sigma, sigma_next) * _added(sigma_next, h, eta) * s_noise
        past = [(denoised, h), *past[:1]]
    return x


def _differences(
    denoised: Tensor, h: Tensor, past: list[tuple[Tensor, Tensor]]
) -> tuple[Tensor | float, Tensor | float]:
    """First and second derivative of the clean latent over a step of width h, as far as known."""
    if not past:
        return 0.0, 0.0
    (before, h_before), *earlier = past
    r0 = h_before / h
    slope = (denoised - before) / r0
    if not earlier:
        return slope, 0.0
    before_that, h_before_that = earlier[0]
    r1 = h_before_that / h
    bend = (slope - (before - before_that) / r1) / (r0 + r1)
    return slope + bend * r0, bend


def _added(sigma_next: Tensor, h: Tensor, eta: float) -> Tensor:
    """The share of new noise at the next level: the rest has decayed by exp(−h · eta)."""
    return sigma_next * (-(-2 * h * eta).expm1()).sqrt()
