"""Schedules that are told their noise levels, or have them in a table, instead of asking a model.

As those in `schedules`, each is a float32 tensor on the CPU that falls, and ends in 0 unless its
docstring says otherwise.
"""

import math
from itertools import pairwise

import torch
from torch import Tensor

from hub.engine.sampling.noise_levels import NoiseLevels

# Optimised for these models by Sabour et al. 2024 ("Align Your Steps", appendix D): ten steps each.
ALIGNED = {
    "SD1": (
        *(14.6146412293, 6.4745760956, 3.8636745985, 2.6946151520, 1.8841921177),
        *(1.3943805092, 0.9642583904, 0.6523686016, 0.3977456272, 0.1515232662, 0.0291671582),
    ),
    "SDXL": (
        *(14.6146412293, 6.3184485287, 3.7681790315, 2.1811480769, 1.3405244945),
        *(0.8620721141, 0.5550693289, 0.3798540708, 0.2332364134, 0.1114188177, 0.0291671582),
    ),
    "SVD": (700.0, 54.5, 15.886, 7.977, 4.248, 1.789, 0.981, 0.403, 0.173, 0.034, 0.002),
}


def polyexponential(sigma_min: float, sigma_max: float, steps: int, rho: float = 1.0) -> Tensor:
    """A power of evenly spaced logarithms; with `rho` 1 the exponential schedule."""
    ramp = torch.linspace(1, 0, steps) ** rho
    low, high = math.log(sigma_min), math.log(sigma_max)
    return _to_zero((ramp * (high - low) + low).exp())


def laplace(
    sigma_min: float, sigma_max: float, steps: int, mu: float = 0.0, beta: float = 0.5
) -> Tensor:
    """Hang et al. 2024 ("Improved noise schedule"), within limits; does not end in 0."""
    place = torch.linspace(0, 1, steps)
    tail = (1 - 2 * (0.5 - place).abs() + 1e-5).log()
    return (mu - beta * (0.5 - place).sign() * tail).exp().clamp(sigma_min, sigma_max)


def variance_preserving(
    steps: int, beta_d: float = 19.9, beta_min: float = 0.1, eps_s: float = 1e-3
) -> Tensor:
    """The VP diffusion of Song et al. 2021, evenly spaced in time (Karras et al. 2022, table 1)."""
    time = torch.linspace(1, eps_s, steps)
    return _to_zero((beta_d * time**2 / 2 + beta_min * time).expm1().sqrt())


def turbo(levels: NoiseLevels, steps: int, denoise: float = 1.0) -> Tensor:
    """Timesteps 999, 899 … of the ten for which SD Turbo was distilled, from a part of the way."""
    timesteps = torch.arange(1, 11).flip(0) * 100 - 1
    start = 10 - int(10 * denoise)
    return _to_zero(levels.sigma(timesteps[start : start + steps]))


def aligned(model_type: str, steps: int, denoise: float = 1.0) -> Tensor:
    """A table of `ALIGNED`, whose logarithms are interpolated where there are not ten steps."""
    wanted = steps if denoise >= 1 else round(steps * denoise)
    if denoise <= 0:
        return torch.empty(0)
    sigmas = log_interpolated(torch.tensor(ALIGNED[model_type]), steps + 1)
    return _to_zero(sigmas[:-1])[-(wanted + 1) :]


def log_interpolated(sigmas: Tensor, count: int) -> Tensor:
    """As many levels, with ln sigma linear between neighbours, and the same ends."""
    if len(sigmas) == count:
        return sigmas
    places = torch.linspace(0, len(sigmas) - 1, count, dtype=torch.float64)
    low = places.floor().long().clamp(max=len(sigmas) - 2)
    logs = sigmas.double().log()
    return logs[low].lerp(logs[low + 1], places - low).exp().float()


def flux_2(steps: int, width: int, height: int) -> Tensor:
    """Even times, shifted the more the larger the picture and the fewer the steps (FLUX.2)."""
    tokens = width * height / 256
    many = 0.00016927 * tokens + 0.45666666  # for 200 steps
    few = 8.73809524e-05 * tokens + 1.89833333  # for 10
    mu = many if tokens > 4300 else many + (few - many) * (200 - steps) / 190
    return shifted(torch.linspace(1, 0, steps + 1), mu)


def ltx_video(
    steps: int,
    tokens: int = 4096,
    *,
    max_shift: float = 2.05,
    base_shift: float = 0.95,
    terminal: float | None = 0.1,
) -> Tensor:
    """Even times, shifted the more the more tokens there are: by `base_shift` for 1024, by
    `max_shift` for 4096. They are stretched so that the last but 0 is `terminal` (LTX-Video)."""
    mu = base_shift + (max_shift - base_shift) * (tokens - 1024) / (4096 - 1024)
    sigmas = shifted(torch.linspace(1, 0, steps + 1), mu)
    if terminal is None or steps == 1:
        return sigmas
    signal = 1 - sigmas[:-1]
    return _to_zero(1 - signal * (1 - terminal) / signal[-1])


def shifted(time: Tensor, mu: float) -> Tensor:
    """Esser et al. 2024 with e^μ as shift; 0 at 0, where 1/t is infinite."""
    factor = math.exp(mu)
    return factor / (factor + (1 / time - 1))


def with_more_between(sigmas: Tensor, steps: int, start: float, end: float, spacing: str) -> Tensor:
    """`steps` steps in the place of each one that begins within start ≥ sigma ≥ end."""
    ramp = torch.linspace(0, 1, steps + 1)[1:-1]
    if spacing == "cosine":
        ramp = (ramp * math.pi / 2).sin()
    elif spacing == "sine":
        ramp = 1 - (ramp * math.pi / 2).cos()
    grown = [sigmas[:1]]
    for sigma, sigma_next in pairwise(sigmas):
        if end <= sigma <= start:
            grown.append(sigma + ramp * (sigma_next - sigma))
        grown.append(sigma_next[None])
    return torch.cat(grown)


def _to_zero(sigmas: Tensor) -> Tensor:
    return torch.cat([sigmas, sigmas.new_zeros(1)])
