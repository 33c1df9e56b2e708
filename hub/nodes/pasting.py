"""Lays one image over another."""

from collections.abc import Sequence

import torch
from torch import Tensor

from hub.nodes.resampling import resampled_mask, with_channels


def pasted(
    destination: Tensor, source: Tensor, x: int, y: int, mask: Tensor | None = None
) -> Tensor:
    """`destination` with `source` over it, its upper left corner at (x, y) pixels.

    Both are [batch, height, width, channels]; the result has the destination's shape. Where `mask`
    [batch, height, width] is m, the result is m·source + (1-m)·destination; a mask of another size
    is scaled to the source. A shorter batch begins again from its start. What lies beyond the
    destination is cut off, at negative offsets too.
    """
    result = destination.clone()
    batch, height, width, channels = destination.shape
    place, visible = overlap((height, width), source.shape[1:3], x, y)
    window = result[:, *place]
    over = repeated(with_channels(source, channels), batch)[:, *visible].to(result)
    if mask is None:
        window.copy_(over)
        return result
    scaled = resampled_mask(mask, source.shape[2], source.shape[1])
    window.lerp_(over, repeated(scaled, batch)[:, *visible, None].to(result))
    return result


def overlap(
    outer: Sequence[int], inner: Sequence[int], x: int, y: int
) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Where `inner` (height, width), put at (x, y), lies within `outer`, and which part of it does.

    Rows and columns of the one and of the other; empty if they do not meet.
    """
    (height, width), (inner_height, inner_width) = outer, inner
    left, top = min(max(0, x), width), min(max(0, y), height)
    right = max(left, min(width, x + inner_width))
    bottom = max(top, min(height, y + inner_height))
    visible = (slice(top - y, bottom - y), slice(left - x, right - x))
    return (slice(top, bottom), slice(left, right)), visible


def repeated(rows: Tensor, batch: int) -> Tensor:
    """So many rows: a shorter batch begins again from its start, a longer one is cut."""
    return rows if len(rows) == batch else rows[torch.arange(batch) % len(rows)]
