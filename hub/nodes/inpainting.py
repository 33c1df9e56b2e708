"""Preparing pictures and masks for models that fill in what is missing.

Pictures are [batch, height, width, channels], masks [batch, 1, height, width].
"""

from torch import Tensor

from hub.nodes.morphology import dilated
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
    rounded = mask.round()
    return dilated(rounded[:, 0], pixels)[:, None].clamp(0, 1) if pixels else rounded


def _middle(side: int, ratio: int) -> slice:
    surplus = side % ratio
    return slice(surplus // 2, surplus // 2 + side - surplus)
