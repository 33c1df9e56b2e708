"""Compositing of images with transparency (Porter and Duff 1984, and the common blend modes).

The modes and their formulas are those that Android documents for `PorterDuff.Mode`. Colours are
premultiplied: `s` and `d` are the source's and the destination's, `a` and `b` their alphas.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from hub.nodes.bands import bands

_Formula = Callable[[Tensor, Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]
_FAINTEST = 1e-5  # below this alpha a colour cannot be told any more


def _union(a: Tensor, b: Tensor) -> Tensor:
    return a + b - a * b


def _overlay(s: Tensor, d: Tensor, a: Tensor, b: Tensor) -> Tensor:
    return torch.where(2 * d < b, 2 * s * d, a * b - 2 * (b - s) * (a - d))


MODES: dict[str, _Formula] = {
    "ADD": lambda s, d, a, b: ((s + d).clamp(0, 1), (a + b).clamp(0, 1)),
    "CLEAR": lambda s, d, a, b: (torch.zeros_like(s), torch.zeros_like(a)),
    "DARKEN": lambda s, d, a, b: ((1 - b) * s + (1 - a) * d + torch.minimum(s, d), _union(a, b)),
    "DST": lambda s, d, a, b: (d, b),
    "DST_ATOP": lambda s, d, a, b: (a * d + (1 - b) * s, a),
    "DST_IN": lambda s, d, a, b: (a * d, a * b),
    "DST_OUT": lambda s, d, a, b: ((1 - a) * d, (1 - a) * b),
    "DST_OVER": lambda s, d, a, b: (d + (1 - b) * s, b + (1 - b) * a),
    "LIGHTEN": lambda s, d, a, b: ((1 - b) * s + (1 - a) * d + torch.maximum(s, d), _union(a, b)),
    "MULTIPLY": lambda s, d, a, b: (s * d, a * b),
    "OVERLAY": lambda s, d, a, b: (_overlay(s, d, a, b), _union(a, b)),
    "SCREEN": lambda s, d, a, b: (_union(s, d), _union(a, b)),
    "SRC": lambda s, d, a, b: (s, a),
    "SRC_ATOP": lambda s, d, a, b: (b * s + (1 - a) * d, b),
    "SRC_IN": lambda s, d, a, b: (b * s, a * b),
    "SRC_OUT": lambda s, d, a, b: ((1 - b) * s, (1 - b) * a),
    "SRC_OVER": lambda s, d, a, b: (s + (1 - a) * d, a + (1 - a) * b),
    "XOR": lambda s, d, a, b: ((1 - b) * s + (1 - a) * d, (1 - b) * a + (1 - a) * b),
}


def composited(
    source: Tensor,
    source_alpha: Tensor,
    destination: Tensor,
    destination_alpha: Tensor,
    mode: str,
) -> tuple[Tensor, Tensor]:
    """The colours [batch, height, width, 3] and alpha [batch, height, width, 1] of two layers.

    All are of one size and not premultiplied. Where nothing is left, the colour is black.
    """
    colour, alpha = torch.empty_like(destination), torch.empty_like(destination_alpha)
    layers = (source, source_alpha, destination, destination_alpha)
    for band in bands(destination):
        rows = (layer[:, band] for layer in layers)
        colour[:, band], alpha[:, band] = _composited(mode, *rows)
    return colour, alpha


def _composited(
    mode: str, over: Tensor, over_alpha: Tensor, under: Tensor, under_alpha: Tensor
) -> tuple[Tensor, Tensor]:
    colour, alpha = MODES[mode](over * over_alpha, under * under_alpha, over_alpha, under_alpha)
    seen = alpha > _FAINTEST
    bare = torch.where(seen, colour / alpha.clamp_min(_FAINTEST), torch.zeros_like(colour))
    return bare.clamp(0, 1), alpha
