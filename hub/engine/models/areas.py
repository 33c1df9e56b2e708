"""Where in a picture a prompt counts, and how much: areas, masks, and what blends them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

_FEATHER = 8
_SMALLEST_BOUNDS = 8


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle, in latent pixels."""

    height: int
    width: int
    top: int
    left: int

    def of(self, x: Tensor) -> Tensor:
        """That part of [batch, channels, height, width]; a view."""
        rows, columns = self.slices
        return x[..., rows, columns]

    @property
    def slices(self) -> tuple[slice, slice]:
        return (
            slice(self.top, self.top + self.height),
            slice(self.left, self.left + self.width),
        )

    def holds(self, other: Area) -> bool:
        """Whether the other one lies inside."""
        return (
            self.top <= other.top
            and self.left <= other.left
            and self.top + self.height >= other.top + other.height
            and self.left + self.width >= other.left + other.width
        )


def area_of(
    options: Mapping[str, Any], mask: Tensor | None, height: int, width: int
) -> Area | None:
    """The area of an entry of a conditioning, inside a latent of that size; None is all of it."""
    if mask is not None and options.get("set_area_to_bounds"):
        return _within(_bounds(mask), height, width)
    area = options.get("area")
    if area is None:
        return None
    if area[0] == "percentage":
        _, h, w, y, x = area
        area = (max(1, round(h * height)), max(1, round(w * width)))
        area += (round(y * height), round(x * width))
    return _within(Area(*area), height, width)


def middle(height: int, width: int, to_height: int, to_width: int) -> Area:
    """The part in the middle of a size that has the ratio of another.

    The longer dimension loses the same whole number of pixels on both sides.
    """
    left = max(0, round((width - height * to_width / to_height) / 2))
    top = max(0, round((height - width * to_height / to_width) / 2))
    return Area(height - 2 * top, width - 2 * left, top, left)


def mask_of(options: Mapping[str, Any], height: int, width: int) -> Tensor | None:
    """The mask [batch, height, width] of an entry, at the size of the latent."""
    mask: Tensor | None = options.get("mask")
    if mask is None:
        return None
    mask = mask.reshape(-1, *mask.shape[-2:]).float() * options.get("mask_strength", 1.0)
    if mask.shape[1:] == (height, width):
        return mask
    return functional.interpolate(mask[:, None], size=(height, width), mode="bilinear")[:, 0]


def weights_of(area: Area, mask: Tensor | None, strength: float, height: int, width: int) -> Tensor:
    """How much an entry counts in each place of its area: [1 or batch, 1, height, width].

    An area without a mask fades over eight pixels where another part of the picture is beside it.
    """
    if mask is not None:
        return area.of(mask)[:, None] * strength
    return _feathered(area, height, width, _FEATHER, 4) * strength


def feathered(area: Area, height: int, width: int, feather: int) -> Tensor:
    """Weights [1, 1, height, width] of an area that rise from the edges which lie inside."""
    return _feathered(area, height, width, feather, 1)


def _feathered(area: Area, height: int, width: int, feather: int, part: int) -> Tensor:
    """The same; the feather takes at most one `part` of a side."""
    length = min(feather, area.height // part)
    rows = _faded(area.height, length, area.top > 0, area.top + area.height < height)
    length = min(feather, area.width // part)
    columns = _faded(area.width, length, area.left > 0, area.left + area.width < width)
    return (rows[:, None] * columns)[None, None]


def _faded(side: int, length: int, at_the_start: bool, at_the_end: bool) -> Tensor:
    weights = torch.ones(side)
    ramp = torch.arange(1, length + 1) / max(length, 1)
    if at_the_start:
        weights[:length] *= ramp
    if at_the_end:
        weights[side - length :] *= ramp.flip(0)
    return weights


def _bounds(mask: Tensor) -> Area:
    """The smallest rectangle around all that is not 0, but not below eight pixels."""
    rows, columns = mask.abs().amax(dim=0).nonzero(as_tuple=True)
    if not len(rows):
        return Area(_SMALLEST_BOUNDS, _SMALLEST_BOUNDS, 0, 0)
    top, left = int(rows.min()), int(columns.min())
    height = max(_SMALLEST_BOUNDS, int(rows.max()) - top + 1)
    width = max(_SMALLEST_BOUNDS, int(columns.max()) - left + 1)
    return Area(height, width, top, left)


def _within(area: Area, height: int, width: int) -> Area:
    top, left = min(area.top, height - 1), min(area.left, width - 1)
    return Area(min(area.height, height - top), min(area.width, width - left), top, left)
