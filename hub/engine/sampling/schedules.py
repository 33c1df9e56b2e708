"""Schedules: which noise levels a sampler visits in so many steps.

Each returns a float32 tensor on the CPU that falls from the model's highest level and ends in 0;
it has one more value than there are steps, unless its docstring says otherwise.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from hub.engine.sampling.beta_quantile import beta_quantile
from hub.engine.sampling.noise_levels import NoiseLevels

ALMOST_ZERO = 1e-5


def simple(levels: NoiseLevels, steps: int) -> Tensor:
    """Evenly spaced places of the model's table."""
    count = len(levels.table)
    places = [count - 1 - int(step * count / steps) for step in range(steps)]
    return _to_zero(levels.table[places])


def sgm_uniform(levels: NoiseLevels, steps: int) -> Tensor:
    """Evenly spaced timesteps, the last of which is left out (Stability's generative-models)."""
    return _to_zero(levels.sigma(_timesteps(levels, steps + 1)[:-1]))


def normal(levels: NoiseLevels, steps: int) -> Tensor:
    """Evenly spaced timesteps down to the lowest, and then 0.

    Where the lowest level is 0 by itself, it is the last of as many steps.
    """
    sigmas = levels.sigma(_timesteps(levels, steps))
    if abs(float(sigmas[-1])) > ALMOST_ZERO:
        return _to_zero(sigmas)
    sigmas = levels.sigma(_timesteps(levels, steps + 1))
    sigmas[-1] = 0
    return sigmas


def karras(levels: NoiseLevels, steps: int) -> Tensor:
    """Karras et al. 2022, equation 5, with their rho."""
    return karras_between(float(levels.sigma_min), float(levels.sigma_max), steps)


def karras_between(sigma_min: float, sigma_max: float, steps: int, rho: float = 7.0) -> Tensor:
    ramp = torch.linspace(0, 1, steps)
    low, high = sigma_min ** (1 / rho), sigma_max ** (1 / rho)
    return _to_zero((high + ramp * (low - high)) ** rho)


def exponential(levels: NoiseLevels, steps: int) -> Tensor:
    """Evenly spaced logarithms."""
    return exponential_between(float(levels.sigma_min), float(levels.sigma_max), steps)


def exponential_between(sigma_min: float, sigma_max: float, steps: int) -> Tensor:
    return _to_zero(torch.linspace(math.log(sigma_max), math.log(sigma_min), steps).exp())


def ddim_uniform(levels: NoiseLevels, steps: int) -> Tensor:
    """Every so-manieth place of the table (Song et al. 2020, DDIM).

    There may be more steps than were asked for, as the stride is a whole number.
    """
    first_is_zero = abs(float(levels.table[1])) <= ALMOST_ZERO
    stride = max(len(levels.table) // (steps + 1 if first_is_zero else steps), 1)
    falling = levels.table[1::stride].flip(0)
    return falling if first_is_zero else _to_zero(falling)


def beta(levels: NoiseLevels, steps: int) -> Tensor:
    """Places of the table spread as a beta distribution (Lee et al. 2024, arXiv 2407.12173)."""
    return beta_spread(levels, steps)


def beta_spread(levels: NoiseLevels, steps: int, a: float = 0.6, b: float = 0.6) -> Tensor:
    """As `beta`; steps that fall on the same place are one, so there may be fewer."""
    spread = beta_quantile(1 - torch.arange(steps, dtype=torch.float64) / steps, a, b)
    places = (spread * (len(levels.table) - 1)).round().long()
    return _to_zero(levels.table[torch.unique_consecutive(places)])


def linear_quadratic(levels: NoiseLevels, steps: int, threshold: float = 0.025) -> Tensor:
    """Linear in the first half, which takes away `threshold`, then quadratic (Movie Gen 2024)."""
    linear = steps // 2
    if linear == 0:
        return torch.tensor([1.0, 0.0]) * levels.sigma_max
    slope = threshold / linear
    rest, excess = steps - linear, linear - threshold * steps
    bend = excess / (linear * rest**2)
    slant = slope - 2 * excess / rest**2
    done = [i * slope for i in range(linear)]
    done += [bend * i**2 + slant * i + bend * linear**2 for i in range(linear, steps)]
    return torch.tensor([1 - part for part in done] + [0.0]) * levels.sigma_max


def kl_optimal(levels: NoiseLevels, steps: int) -> Tensor:
    """Evenly spaced arcus tangents (Sabour et al. 2024, "Align Your Steps", section 4).

    A single step starts at the highest level, for which the paper's formula divides by zero.
    """
    ramp = torch.arange(steps) / max(steps - 1, 1)
    return _to_zero((ramp * levels.sigma_min.atan() + (1 - ramp) * levels.sigma_max.atan()).tan())


def _timesteps(levels: NoiseLevels, count: int) -> Tensor:
    first, last = levels.timestep(levels.sigma_max), levels.timestep(levels.sigma_min)
    return torch.linspace(float(first), float(last), count)


def _to_zero(sigmas: Tensor) -> Tensor:
    return torch.cat([sigmas, sigmas.new_zeros(1)])


Schedule = Callable[[NoiseLevels, int], Tensor]

# In the order in which ComfyUI lists them.
SCHEDULES: dict[str, Schedule] = {
    "simple": simple,
    "sgm_uniform": sgm_uniform,
    "karras": karras,
    "exponential": exponential,
    "ddim_uniform": ddim_uniform,
    "beta": beta,
    "normal": normal,
    "linear_quadratic": linear_quadratic,
    "kl_optimal": kl_optimal,
}
