"""How two layers mix, with the formulas of the W3C's Compositing and Blending Level 1."""

from collections.abc import Callable

import torch
from torch import Tensor

_Mix = Callable[[Tensor, Tensor], Tensor]


def _overlay(below: Tensor, above: Tensor) -> Tensor:
    bright = 1 - 2 * (1 - below) * (1 - above)
    return torch.where(below <= 0.5, 2 * below * above, bright)


def _soft_light(below: Tensor, above: Tensor) -> Tensor:
    dark = below - (1 - 2 * above) * below * (1 - below)
    root = ((16 * below - 12) * below + 4) * below
    lifted = torch.where(below <= 0.25, root, below.clamp_min(0).sqrt())
    return torch.where(above <= 0.5, dark, below + (2 * above - 1) * (lifted - below))


BLEND_MODES: dict[str, _Mix] = {
    "normal": lambda below, above: above,
    "multiply": lambda below, above: below * above,
    "screen": lambda below, above: 1 - (1 - below) * (1 - above),
    "overlay": _overlay,
    "soft_light": _soft_light,
    "difference": lambda below, above: (below - above).abs(),
}
