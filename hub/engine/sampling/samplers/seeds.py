"""SEEDS: exponential solvers for stochastic equations (Gonzalez et al. 2023, arXiv 2305.14267).

λ = −ln sigma is half the log-SNR, h a step of it, and φ the exponential integrators' functions. The
noise of a step's stages belongs to one path: that of an earlier stage decays, new one is added.
"""

from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor

from hub.engine.sampling.denoising import Sampler, denoise
from hub.engine.sampling.diffusion import Diffusion
from hub.engine.sampling.noise import Noise
from hub.engine.sampling.signal_to_noise import by_signal_to_noise


@by_signal_to_noise
def seeds_2(
    x: Tensor,
    sigmas: Tensor,
    diffusion: Diffusion,
    *,
    eta: float = 1.0,
    s_noise: float = 1.0,
    r: float = 0.5,
    solver_type: Literal["phi_1", "phi_2"] = "phi_1",
) -> Sampler:
    """SEEDS-2, with its second evaluation at the part `r` of the step."""
    noise = diffusion.white(x)
    for sigma, sigma_next in pairwise(sigmas):
        denoised = yield from denoise(x, sigma)
        if sigma_next == 0:
            return denoised
        step = _Step(x, sigma, sigma_next, eta, s_noise, noise)
        ahead = step.to(r, step.phi_1(r) * denoised)
        denoised_ahead = yield from denoise(ahead, step.level(r))
        share = step.phi_1(1) / (2 * r) if solver_type == "phi_1" else step.phi_2(1) / r
        x = step.to(1, (step.phi_1(1) - share) * denoised + share * denoised_ahead)
    return x


@by_signal_to_noise
def seeds_3(
    x: Tensor,
    sigmas: Tensor,
    diffusion: Diffusion,
    *,
    eta: float = 1.0,
    s_noise: float = 1.0,
    r_1: float = 1 / 3,
    r_2: float = 2 / 3,
) -> Sampler:
    """SEEDS-3, with evaluations at the parts `r_1` and `r_2` of the step."""
    noise = diffusion.white(x)
    for sigma, sigma_next in pairwise(sigmas):
        denoised = yield from denoise(x, sigma)
        if sigma_next == 0:
            return denoised
        step = _Step(x, sigma, sigma_next, eta, s_noise, noise)
        ahead = step.to(r_1, step.phi_1(r_1) * denoised)
        denoised_ahead = yield from denoise(ahead, step.level(r_1))
        share = step.phi_2(r_2) * r_2 / r_1
        ahead = step.to(r_2, (step.phi_1(r_2) - share) * denoised + share * denoised_ahead)
        denoised_ahead = yield from denoise(ahead, step.level(r_2))
        share = step.phi_2(1) / r_2
        x = step.to(1, (step.phi_1(1) - share) * denoised + share * denoised_ahead)
    return x


def exp_heun_2_x0(x: Tensor, sigmas: Tensor, diffusion: Diffusion) -> Sampler:
    """Heun's method in its exponential form (Hochbruck and Ostermann 2005); no noise."""
    return seeds_2(x, sigmas, diffusion, eta=0.0, s_noise=0.0, r=1.0, solver_type="phi_2")


def exp_heun_2_x0_sde(
    x: Tensor, sigmas: Tensor, diffusion: Diffusion, *, eta: float = 1.0, s_noise: float = 1.0
) -> Sampler:
    """The same with noise."""
    return seeds_2(x, sigmas, diffusion, eta=eta, s_noise=s_noise, r=1.0, solver_type="phi_2")


class _Step:
    """One step and the stages on its way, each a part of it in λ."""

    def __init__(
        self,
        x: Tensor,
        sigma: Tensor,
        sigma_next: Tensor,
        eta: float,
        s_noise: float,
        noise: Noise,
    ) -> None:
        self._x, self._sigma, self._sigma_next = x, sigma, sigma_next
        self._eta, self._s_noise, self._noise = eta, s_noise, noise
        self._h = sigma.log() - sigma_next.log()
        self._reached, self._path = 0.0, torch.zeros(())

    def to(self, part: float, drift: Tensor) -> Tensor:
        """The latent at a stage, to which its clean latents contribute `drift`."""
        level = self.level(part)
        x = level / self._sigma * (-part * self._h * self._eta).exp() * self._x + drift
        if self._eta == 0 or self._s_noise == 0:
            return x
        decay = (self._reached - part) * self._h * self._eta
        fresh = self._noise(self.level(self._reached), level)
        self._path = self._path * decay.exp() + (-(2 * decay).expm1()).sqrt() * fresh
        self._reached = part
        return x + self._path * level * self._s_noise

    def level(self, part: float) -> Tensor:
        if part == 1:
            return self._sigma_next
        return self._sigma.log().lerp(self._sigma_next.log(), part).exp()

    def phi_1(self, part: float) -> Tensor:
        """z · φ₁(−z) at z = part · h · (1 + eta)."""
        return -(-self._width(part)).expm1()

    def phi_2(self, part: float) -> Tensor:
        """z · φ₂(−z)."""
        width = self._width(part)
        return 1 + (-width).expm1() / width

    def _width(self, part: float) -> Tensor:
        return part * self._h * (1 + self._eta)
