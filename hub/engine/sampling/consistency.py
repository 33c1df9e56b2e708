"""Latent consistency models (Luo et al. 2023), distilled from those that predict noise."""

from dataclasses import dataclass, field

import torch
from torch import Tensor

from hub.engine.sampling.noise_levels import Discrete, NoiseLevels
from hub.engine.sampling.prediction import Epsilon

_STEPS_OF_THE_TEACHER = 50
_TIME_SCALE = 10.0
_SIGMA_DATA = 0.5


class Distilled(Discrete):
    """Every twentieth level of a thousand: those on which the student was trained.

    Timesteps count in the thousand.
    """

    def __init__(self, levels: NoiseLevels) -> None:
        self._teacher_steps = len(levels.table)
        self._skip = self._teacher_steps // _STEPS_OF_THE_TEACHER
        super().__init__(levels.table[self._skip - 1 :: self._skip])

    def timestep(self, sigma: Tensor) -> Tensor:
        return super().timestep(sigma) * self._skip + self._skip - 1

    def sigma(self, timestep: Tensor) -> Tensor:
        return super().sigma((timestep.float() - self._skip + 1) / self._skip)

    def _sigma_at(self, fraction: float) -> Tensor:
        return self.sigma(torch.tensor(fraction * (self._teacher_steps - 1)))


@dataclass(frozen=True)
class Consistency(Epsilon):
    """The clean latent is nearly that of the predicted noise; at the last timestep it is `x`."""

    levels: NoiseLevels = field(kw_only=True)

    def denoised(self, x: Tensor, sigma: Tensor, output: Tensor) -> Tensor:
        time = self.levels.timestep(sigma.cpu()).to(x) * _TIME_SCALE
        variance = time**2 + _SIGMA_DATA**2
        clean = super().denoised(x, sigma, output)
        return clean * time / variance**0.5 + x * _SIGMA_DATA**2 / variance
