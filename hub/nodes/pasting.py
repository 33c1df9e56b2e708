"""Lays one image over another."""

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
    left, top = max(0, x), max(0, y)
    right, bottom = min(width, x + source.shape[2]), min(height, y + source.shape[1])
    if left >= right or top >= bottom:
        return result
    visible = (slice(top - y, bottom - y), slice(left - x, right - x))
    window = result[:, top:bottom, left:right]
    over = _repeated(with_channels(source, channels), batch)[:, *visible].to(result)
    if mask is None:
        window.copy_(over)
        return result
    scaled = resampled_mask(mask, source.shape[2], source.shape[1])
    window.lerp_(over, _repeated(scaled, batch)[:, *visible, None].to(result))
    return result


def _repeated(rows: Tensor, batch: int) -> Tensor:
    return rows if len(rows) == batch else rows[torch.arange(batch) % len(rows)]
