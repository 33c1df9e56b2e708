"""Carries out a function on tiles of a tensor and joins what it gives, so that memory stays small.

Neighbouring tiles overlap, and over the overlap one fades into the other. How much a tile counts is
the product of one weight per axis, and along each axis the weights of all tiles add up to 1; so the
parts are only added, and nothing is kept besides the result.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

Along = Callable[[int], float]
"""From a length, or a place, of the input to that of the output."""


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """A tile along one axis: what is read, what is written, and how much each place counts."""

    source: slice
    target: slice
    weights: Tensor


def spans(
    length: int, tile: int, overlap: int, scale: Along, place: Along | None = None
) -> list[Span]:
    """The tiles along an axis; the last is as long as all others, and overlaps more.

    Lengths become `scale(length)`; places do too, unless `place` says otherwise.
    """
    if length <= tile:
        starts = [0]
    elif overlap < tile:
        count = math.ceil((length - overlap) / (tile - overlap))
        starts = [min(number * (tile - overlap), length - tile) for number in range(count)]
    else:
        raise ValueError(f"Tiles of {tile} cannot overlap by {overlap}.")
    size = min(tile, length)
    ramp = _ramp(round(scale(size)), round(scale(overlap)))
    targets = [round((place or scale)(start)) for start in starts]
    total = torch.zeros(round(scale(length)))
    for target in targets:
        total[target : target + len(ramp)] += ramp
    return [
        Span(slice(start, start + size), written, ramp / total[written])
        for start, written in zip(
            starts, (slice(target, target + len(ramp)) for target in targets), strict=True
        )
    ]


def steps(axes: Sequence[Sequence[Span]]) -> int:
    """How many tiles one element of a batch has."""
    return math.prod(map(len, axes))


def tiled(
    samples: Tensor,
    function: Callable[[Tensor], Tensor],
    axes: Sequence[Sequence[Span]],
    *,
    channels: int,
    device: torch.device,
    done: Callable[[], None] = lambda: None,
) -> Tensor:
    """What `function` makes of [batch, channels, *axes], which it is given tile by tile.

    It never gets more than one element of the batch. The result lies on `device`; `done` is called
    after each tile.
    """
    sizes = [max(span.target.stop for span in axis) for axis in axes]
    result = torch.zeros(len(samples), channels, *sizes, device=device)
    for element in range(len(samples)):
        one = slice(element, element + 1)
        for tile in itertools.product(*axes):
            part = function(samples[(one, slice(None), *(span.source for span in tile))])
            for axis, span in enumerate(tile):
                shape = [-1 if other == axis else 1 for other in range(len(tile))]
                part = part.to(device) * span.weights.to(device).reshape(shape)
            result[(one, slice(None), *(span.target for span in tile))] += part
            done()
    return result


def _ramp(length: int, overlap: int) -> Tensor:
    """Rises over the overlap and falls over it at the end. Two that overlap add up to the same
    everywhere."""
    rising = torch.arange(1, length + 1) / (overlap + 1)
    return torch.minimum(rising, rising.flip(0)).clamp(max=1)
