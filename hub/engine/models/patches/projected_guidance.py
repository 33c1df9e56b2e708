"""Adaptive projected guidance: a large scale without the colours that come of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from hub.engine.models.patches.perp_neg import perpendicular

_NEARLY_NOTHING = 1e-8


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectedGuidance:
    """Guidance that takes only `eta` times what lies along the positive prediction, as that is what
    makes colours too strong (Sadat et al. 2024, "Eliminating Oversaturation and Artifacts of High
    Guidance Scales in Diffusion Models", algorithm 1).

    The way from negative to positive is added to `momentum` times that of the answer before, and is
    at most `norm_threshold` long, unless that is 0. What comes back is a positive prediction with
    which plain guidance gives this one.
    """

    eta: float
    norm_threshold: float
    momentum: float

    def __call__(self, told: Mapping[str, Any]) -> list[Tensor]:
        sides: list[Tensor] = list(told["conds_out"])
        scale = told["cond_scale"]
        if len(sides) < 2 or not scale:
            return sides
        positive, negative, *others = sides
        way = self._shortened(self._with_momentum(positive - negative, told))
        across = perpendicular(way, positive)
        update = across + (way - across) * self.eta
        guided = positive + update * (scale - 1)
        return [negative + (guided - negative) / scale, negative, *others]

    def _with_momentum(self, way: Tensor, told: Mapping[str, Any]) -> Tensor:
        if not self.momentum:
            return way
        memory, place = told["memory"], told["place"]
        if place in memory:
            way = way + memory[place] * self.momentum
        memory[place] = way
        return way

    def _shortened(self, way: Tensor) -> Tensor:
        if not self.norm_threshold:
            return way
        length = torch.linalg.vector_norm(way, dim=(1, 2, 3), keepdim=True)
        return way * (self.norm_threshold / length.clamp_min(_NEARLY_NOTHING)).clamp(max=1)
