"""The noise levels (sigma) that a model was trained on, and the timesteps that it knows them by.

Each kind has a table of levels in ascending order, and continuous maps both ways. Tensors in,
tensors out, in float32 as the schedules are.

Of a shifted flow the maps do not undo each other: `sigma` shifts the time that it is given, and
`timestep` tells the model the shifted time, which is the level itself. Schedules are built on that.
"""

import math
from abc import ABC, abstractmethod

import torch
from torch import Tensor

INFINITE = 999999999.9  # what `percent_to_sigma` calls the level before the first step


class NoiseLevels(ABC):
    """A table with its maps; the kinds below differ in nothing else."""

    before_the_first = INFINITE

    def __init__(self, table: Tensor) -> None:
        self.table = table.float()

    @property
    def sigma_min(self) -> Tensor:
        return self.table[0]

    @property
    def sigma_max(self) -> Tensor:
        return self.table[-1]

    def percent_to_sigma(self, percent: float) -> float:
        """The level where this part of the model's timesteps is done: 0 is the start, 1 the end."""
        if percent <= 0:
            return self.before_the_first
        return 0.0 if percent >= 1 else float(self._sigma_at(1 - percent))

    @abstractmethod
    def timestep(self, sigma: Tensor) -> Tensor:
        """What the model is told of a level."""

    @abstractmethod
    def sigma(self, timestep: Tensor) -> Tensor:
        """The level that a schedule means by a timestep, which may lie between two."""

    @abstractmethod
    def _sigma_at(self, fraction: float) -> Tensor:
        """The level at this fraction of the range of timesteps, counted from the clean end."""


class Discrete(NoiseLevels):
    """Timesteps are places in the table; between two of them ln sigma is linear."""

    def __init__(self, table: Tensor) -> None:
        super().__init__(table)
        self._log_table = table.log().float()  # before it is rounded

    def timestep(self, sigma: Tensor) -> Tensor:
        distances = sigma.log()[..., None] - self._log_table
        return distances.abs().argmin(dim=-1)

    def sigma(self, timestep: Tensor) -> Tensor:
        place = timestep.float().clamp(0, len(self.table) - 1)
        low, high, weight = place.floor().long(), place.ceil().long(), place.frac()
        return ((1 - weight) * self._log_table[low] + weight * self._log_table[high]).exp()

    def _sigma_at(self, fraction: float) -> Tensor:
        return self.sigma(torch.tensor(fraction * (len(self.table) - 1)))


def stable_diffusion(
    *, first: float = 0.00085, last: float = 0.012, zero_terminal_snr: bool = False
) -> Discrete:
    """The "scaled linear" table of Stable Diffusion 1, 2 and XL (Rombach et al. 2022), from the
    first variance to the last."""
    betas = torch.linspace(first**0.5, last**0.5, 1000, dtype=torch.float64) ** 2
    alphas = (1 - betas).cumprod(dim=0)
    if zero_terminal_snr:
        alphas = _to_zero_at_the_end(alphas)
    return Discrete(((1 - alphas) / alphas) ** 0.5)


def upscaling() -> Discrete:
    """That of Stable Diffusion's upscaler, which knows its small pictures by the same levels."""
    return stable_diffusion(first=0.0001, last=0.02)


def _to_zero_at_the_end(alphas: Tensor) -> Tensor:
    """No signal at the last timestep (Lin et al. 2023, algorithm 1).

    The last one gets a tiny rest of signal, as an infinite level cannot be calculated with.
    """
    roots = alphas.sqrt()
    scaled = (roots - roots[-1]) * roots[0] / (roots[0] - roots[-1])
    return torch.cat([scaled[:-1] ** 2, alphas.new_tensor([4.8973451890853435e-08])])


class RationalShift(NoiseLevels):
    """Flows whose time is shifted as in Stable Diffusion 3 (Esser et al. 2024, section 5.3.2)."""

    before_the_first = 1.0

    def __init__(self, shift: float = 1.0, multiplier: float = 1000) -> None:
        self._shift, self._multiplier = shift, multiplier
        super().__init__(self._shifted(torch.arange(1, 1001) / 1000))

    def timestep(self, sigma: Tensor) -> Tensor:
        return sigma * self._multiplier

    def sigma(self, timestep: Tensor) -> Tensor:
        return self._shifted(timestep / self._multiplier)

    def _sigma_at(self, fraction: float) -> Tensor:
        return self._shifted(torch.tensor(fraction))

    def _shifted(self, time: Tensor) -> Tensor:
        return self._shift * time / (1 + (self._shift - 1) * time)


class ExponentialShift(NoiseLevels):
    """Flows whose time is shifted as in Flux."""

    before_the_first = 1.0

    def __init__(self, mu: float = 1.15) -> None:
        self._factor = math.exp(mu)
        super().__init__(self.sigma(torch.arange(1, 10001) / 10000))

    def timestep(self, sigma: Tensor) -> Tensor:
        return sigma

    def sigma(self, timestep: Tensor) -> Tensor:
        return self._factor / (self._factor + (1 / timestep - 1))

    def _sigma_at(self, fraction: float) -> Tensor:
        return self.sigma(torch.tensor(fraction))


class _LogLinear(NoiseLevels):
    """A thousand levels whose logarithms are evenly spaced."""

    def __init__(self, sigma_min: float, sigma_max: float) -> None:
        self._log_min, self._log_max = math.log(sigma_min), math.log(sigma_max)
        super().__init__(torch.linspace(self._log_min, self._log_max, 1000).exp())

    def _sigma_at(self, fraction: float) -> Tensor:
        return torch.tensor(self._log_min + (self._log_max - self._log_min) * fraction).exp()


class ContinuousEdm(_LogLinear):
    """Karras et al. 2022."""

    def __init__(self, sigma_min: float = 0.002, sigma_max: float = 120.0) -> None:
        super().__init__(sigma_min, sigma_max)

    def timestep(self, sigma: Tensor) -> Tensor:
        return sigma.log() / 4

    def sigma(self, timestep: Tensor) -> Tensor:
        return (timestep * 4).exp()


class ContinuousVelocity(_LogLinear):
    """Timesteps are angles between signal and noise, a right angle being 1."""

    def timestep(self, sigma: Tensor) -> Tensor:
        return sigma.atan() * (2 / math.pi)

    def sigma(self, timestep: Tensor) -> Tensor:
        return (timestep * (math.pi / 2)).tan()


class Rectified(_LogLinear):
    """Levels as in EDM, known to the model (Cosmos) by their place on a straight flow."""

    def timestep(self, sigma: Tensor) -> Tensor:
        return sigma / (sigma + 1)

    def sigma(self, timestep: Tensor) -> Tensor:
        return timestep / (1 - timestep)


class ShiftedCosine(NoiseLevels):
    """The cosine schedule (Nichol and Dhariwal 2021), log-SNR shifted for large latents (Cascade).

    `timestep` leaves the shift out, which is how the model was trained.
    """

    _offset = 0.008

    def __init__(self, shift: float = 1.0) -> None:
        self._shift = shift
        self._alpha_0 = math.cos(self._offset / (1 + self._offset) * math.pi / 2) ** 2
        super().__init__(self.sigma(torch.arange(1, 10001) / 10000))

    def timestep(self, sigma: Tensor) -> Tensor:
        alpha = 1 / (sigma**2 + 1)
        angle = (alpha * self._alpha_0).sqrt().acos()
        return angle * (2 / math.pi) * (1 + self._offset) - self._offset

    def sigma(self, timestep: Tensor) -> Tensor:
        angle = (timestep + self._offset) / (1 + self._offset) * (math.pi / 2)
        alpha = (angle.cos() ** 2 / self._alpha_0).clamp(0.0001, 0.9999)
        log_snr = (
            (alpha.logit() - 2 * math.log(self._shift)).sigmoid().clamp(0.0001, 0.9999).logit()
        )
        return (-log_snr / 2).exp()

    def _sigma_at(self, fraction: float) -> Tensor:
        return self.sigma(torch.tensor(fraction))
