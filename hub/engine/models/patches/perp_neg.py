"""Perp-Neg (Armandpour et al. 2023): a negative prompt that takes nothing from the positive one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from hub.engine.models.conditions import Entry, conditions_of
from hub.engine.models.guidance import said


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PerpendicularNegative:
    """Guides from the `empty` prompt: to the positive one, and away from that part of the negative
    one, times `scale`, which is perpendicular to it."""

    empty: Sequence[Entry]
    scale: float

    def __call__(self, told: Mapping[str, Any]) -> Tensor:
        x: Tensor = told["input"]
        model = told["patcher"]
        empty = said(model, conditions_of(self.empty, model, x.shape), x, told["sigma"])
        positive = told["cond_denoised"] - empty
        away = perpendicular(told["uncond_denoised"] - empty, positive) * self.scale
        return x - (empty + (positive - away) * told["cond_scale"])


def perpendicular(x: Tensor, direction: Tensor) -> Tensor:
    """The part of each of a batch of tensors that has nothing of a direction."""
    flat, along = x.flatten(1), direction.flatten(1)
    length = (along * along).sum(dim=1, keepdim=True)
    share = (flat * along).sum(dim=1, keepdim=True) / length.clamp_min(1e-12)
    return (flat - share * along).reshape(x.shape)
