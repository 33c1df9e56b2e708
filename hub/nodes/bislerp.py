"""Brings latents to another size by turning channel vectors into each other.

Where bilinear interpolation averages two vectors, which shortens them, this goes along the arc
between their directions, and from one length to the other.
"""

import torch
from torch import Tensor

_NEARLY_ONE = 1 - 1e-5


def bislerp(samples: Tensor, width: int, height: int) -> Tensor:
    """[batch, channels, height, width] at another size: along the rows first, then the columns."""
    wide = _along_last(samples.float(), width)
    tall = _along_last(wide.transpose(-1, -2), height)
    return tall.transpose(-1, -2).to(samples.dtype)


def _along_last(samples: Tensor, size: int) -> Tensor:
    old = samples.shape[-1]
    if size == old:
        return samples
    places = (torch.arange(size, device=samples.device) + 0.5) * old / size - 0.5
    places = places.clamp(0, old - 1)
    left = places.floor().long()
    right = (left + 1).clamp(max=old - 1)
    return _slerp(samples[..., left], samples[..., right], places - left)


def _slerp(left: Tensor, right: Tensor, part: Tensor) -> Tensor:
    """Spherical interpolation (Shoemake 1985) of vectors along dimension 1.

    Where both point the same way there is no arc; where they point to opposite ways, it could be
    any, and the straight line is taken.
    """
    left_length, right_length = left.norm(dim=1, keepdim=True), right.norm(dim=1, keepdim=True)
    left_way, right_way = _ways(left, left_length), _ways(right, right_length)
    cosine = (left_way * right_way).sum(1, keepdim=True).clamp(-1, 1)
    angle = cosine.acos()
    sine = angle.sin().clamp_min(1e-12)
    way = (((1 - part) * angle).sin() * left_way + (part * angle).sin() * right_way) / sine
    turned = way * (left_length * (1 - part) + right_length * part)
    turned = torch.where(cosine > _NEARLY_ONE, left, turned)
    return torch.where(cosine < -_NEARLY_ONE, left * (1 - part) + right * part, turned)


def _ways(vectors: Tensor, lengths: Tensor) -> Tensor:
    """Vectors of length 1; zeros stay zeros."""
    return torch.where(lengths == 0, torch.zeros_like(vectors), vectors / lengths.clamp_min(1e-12))
