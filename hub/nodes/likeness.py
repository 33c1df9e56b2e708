"""How much images resemble each other, whatever their size: the difference hash (Krawetz 2013)."""

import torch
from PIL import Image
from torch import Tensor

from hub.nodes.pixels import channel_of, picture_of

_SIDE = 8


def difference_hash(image: Tensor) -> Tensor:
    """64 truths about [height, width, channels]: where brightness falls from left to right."""
    picture = picture_of(image[..., :3]).convert("L")
    small = channel_of(picture.resize((_SIDE + 1, _SIDE), Image.Resampling.LANCZOS))
    return (small[:, :-1] > small[:, 1:]).flatten()


def distinct(images: list[Tensor], threshold: float) -> list[Tensor]:
    """Images (batches of one) of which none resembles an earlier one by `threshold` or more.

    The likeness of two is the share of truths in which their hashes agree.
    """
    kept: list[Tensor] = []
    hashes = torch.empty(0, _SIDE * _SIDE, dtype=torch.bool)
    for image in images:
        own = difference_hash(image[0])
        if not ((hashes == own).float().mean(dim=1) >= threshold).any():
            kept.append(image)
            hashes = torch.cat([hashes, own[None]])
    return kept
