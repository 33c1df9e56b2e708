"""DEIS (Zhang and Chen 2022), variant tAB: the slope as a polynomial in the diffusion's time."""

from itertools import pairwise

import torch
from torch import Tensor

from hub.engine.sampling.denoising import Sampler, denoise
from hub.engine.sampling.diffusion import Diffusion
from hub.engine.sampling.samplers.combining import combined

# The variance preserving diffusion whose time counts: that of Karras et al. 2022, from 0.002 to 80,
# for any model. In float32 as published, which shows in the first of these logarithms.
_LOG_MIN, _LOG_MAX = (torch.tensor([0.002, 80.0]) ** 2 + 1).log().tolist()
FIRST_TIME = 1e-3
BETA_D = 2 * (_LOG_MIN / FIRST_TIME - _LOG_MAX) / (FIRST_TIME - 1)
BETA_MIN = _LOG_MAX - BETA_D / 2
POINTS = 10000


def deis(x: Tensor, sigmas: Tensor, diffusion: Diffusion, *, max_order: int = 3) -> Sampler:
    """Multistep of up to fourth order; Euler's method to the last level, 0."""
    slopes: list[Tensor] = []  # newest first
    times = _time(sigmas)
    for step, (sigma, sigma_next) in enumerate(pairwise(sigmas)):
        denoised = yield from denoise(x, sigma)
        slopes = [(x - denoised) / sigma, *slopes][:max_order]
        if len(slopes) == 1 or sigma_next == 0:
            x = x + slopes[0] * (sigma_next - sigma)
        else:
            known = times[step + 1 - len(slopes) : step + 1].flip(0)
            x = x + combined(_weights(known, times[step + 1]), slopes)
    return x


def _time(sigmas: Tensor) -> Tensor:
    """The inverse of σ(t)² + 1 = exp(½ β_d t² + β_min t)."""
    time: Tensor = ((BETA_MIN**2 + 2 * BETA_D * (sigmas**2 + 1).log()).sqrt() - BETA_MIN) / BETA_D
    return time


def _weights(known: Tensor, end: Tensor) -> list[float]:
    """The integrals of the Lagrange polynomials in time over dσ, from the newest known time on.

    The published solver sums up both ends of the interval, which is too much by one part in ten
    thousand; so do we, for the same latents.
    """
    time = torch.linspace(float(known[0]), float(end), POINTS)
    alpha = (-(BETA_D * time**2 / 2 + BETA_MIN * time)).exp()
    growth = (BETA_D * time + BETA_MIN) / (2 * (alpha * (1 - alpha)).sqrt())  # dσ/dt
    width = (float(end) - float(known[0])) / POINTS
    return [float((growth * _lagrange(known, j, time)).sum()) * width for j in range(len(known))]


def _lagrange(known: Tensor, j: int, time: Tensor) -> Tensor:
    """The polynomial that is 1 at one known time and 0 at the others."""
    value = torch.ones_like(time)
    for k, other in enumerate(known):
        if k != j:
            value = value * (time - other) / (known[j] - other)
    return value
