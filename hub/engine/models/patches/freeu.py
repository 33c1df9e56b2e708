"""FreeU (Si et al. 2023, "FreeU: Free Lunch in Diffusion U-Net")."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True, kw_only=True, slots=True)
class FreeU:
    """Strengthens what comes from below, `backbone`, and weakens the coarse parts of `skip`.

    There is one factor of each for the two lowest levels, of 4 and 2 times `channels`. Where
    `is_adaptive` (the paper's second version, equation 4), the backbone is strengthened most where
    it is strong.
    """

    channels: int
    backbone: Sequence[float]
    skip: Sequence[float]
    is_adaptive: bool

    def __call__(self, h: Tensor, skip: Tensor, told: Mapping[str, Any]) -> tuple[Tensor, Tensor]:
        level = {4 * self.channels: 0, 2 * self.channels: 1}.get(h.shape[1])
        if level is None:
            return h, skip
        half = h.shape[1] // 2
        factor = self.backbone[level]
        by = (factor - 1) * _strength(h) + 1 if self.is_adaptive else factor
        stronger = torch.cat([h[:, :half] * by, h[:, half:]], dim=1)
        return stronger, with_coarse_scaled(skip, self.skip[level])


def with_coarse_scaled(x: Tensor, factor: float) -> Tensor:
    """[batch, channels, height, width] with its lowest frequencies, 0 and one wave, multiplied."""
    if factor == 1:
        return x
    spectrum = torch.fft.fft2(x.float())
    for row in (-1, 0):
        spectrum[..., row, -1:] *= factor
        spectrum[..., row, :1] *= factor
    return torch.fft.ifft2(spectrum).real.to(x.dtype)


def _strength(h: Tensor) -> Tensor:
    """The mean of the channels in each place, from 0 where it is least to 1 [batch, 1, …]."""
    mean = h.mean(dim=1, keepdim=True)
    low, high = (bound(mean, dim=(2, 3), keepdim=True) for bound in (torch.amin, torch.amax))
    return (mean - low) / (high - low).clamp_min(torch.finfo(h.dtype).tiny)
