"""FreSca: how much of the guidance goes into the large shapes, and how much into details."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, fft


@dataclass(frozen=True, kw_only=True, slots=True)
class FrequencyScaled:
    """The way from negative to positive, its low frequencies times `low` and all others times
    `high` (Huang et al. 2025, "FreSca: Scaling in Frequency Space Enhances Diffusion Models").

    Low are those below `cutoff` waves along both sides of the latent; as in the authors' code the
    cutoff is at most half of the shorter side, and of two opposite waves of `cutoff` one counts as
    low. What comes back is a positive prediction with which plain guidance gives this one.
    """

    low: float
    high: float
    cutoff: int

    def __call__(self, told: Mapping[str, Any]) -> list[Tensor]:
        sides: list[Tensor] = list(told["conds_out"])
        if len(sides) < 2:
            return sides
        positive, negative, *others = sides
        return [negative + self._scaled(positive - negative), negative, *others]

    def _scaled(self, way: Tensor) -> Tensor:
        height, width = way.shape[-2:]
        cutoff = min(self.cutoff, height // 2, width // 2)
        rows, columns = (_is_low(size, cutoff, way.device) for size in (height, width))
        scale = torch.where(rows[:, None] & columns, self.low, self.high)
        scaled: Tensor = fft.ifft2(fft.fft2(way.float()) * scale).real
        return scaled.to(way)


def _is_low(size: int, cutoff: int, device: torch.device) -> Tensor:
    waves = fft.fftfreq(size, 1 / size, device=device)
    return (waves >= -cutoff) & (waves < cutoff)
