"""Preparing pictures and masks for models that fill in what is missing.

Pictures are [batch, height, width, channels], masks [batch, 1, height, width].
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

from hub.nodes.resampling import planes, resampled_mask


def mask_for(pixels: Tensor, mask: Tensor) -> Tensor:
    """The mask at the size of the picture."""
    height, width = pixels.shape[1:3]
    return resampled_mask(planes(mask), width, height)[:, None]


def cropped(pixels: Tensor, mask: Tensor, ratio: int) -> tuple[Tensor, Tensor]:
    """Both cut evenly at opposite edges, so that their sides are multiples of `ratio`."""
    rows, columns = (_middle(side, ratio) for side in pixels.shape[1:3])
    return pixels[:, rows, columns], mask[:, :, rows, columns]


def greyed(pixels: Tensor, mask: Tensor) -> Tensor:
    """A grey picture where the mask is more than a half."""
    kept = 1.0 - mask.round()[:, 0, :, :, None]
    return (pixels[..., :3] - 0.5) * kept + 0.5


def grown(mask: Tensor, pixels: int) -> Tensor:
    """The rounded mask, spread to all within a square of that side."""
    if pixels == 0:
        return mask.round()
    box = torch.ones(1, 1, pixels, pixels)
    spread = functional.conv2d(mask.round(), box, padding=math.ceil((pixels - 1) / 2))
    return spread.clamp(0, 1).round()[:, :, : mask.shape[2], : mask.shape[3]]


def _middle(side: int, ratio: int) -> slice:
    surplus = side % ratio
    return slice(surplus // 2, surplus // 2 + side - surplus)
