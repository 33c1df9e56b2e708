"""The small pictures that Stable Diffusion's upscaler makes larger (Ho et al. 2021, "Cascaded
Diffusion Models", section 4): noise is put on them, and the model is told how much."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from hub.engine.sampling.noise_levels import upscaling

_HIGHEST = 350  # of the thousand levels, those on which it was trained
_COLOURS = 3
_SEED = 0x2D6A_51C3_90E7
"""One that hardly anybody samples with: there this noise would be that of the latent."""


def noise_level(options: Mapping[str, Any]) -> int:
    """The place among the levels that an entry of a conditioning asks for by a part of 1."""
    return round(options.get("noise_augmentation", 0.0) * _HIGHEST)


def small_picture(options: Mapping[str, Any], shape: torch.Size) -> Tensor:
    """That of an entry, from -1 to 1, at the size of the latent; grey where there is none.

    The noise is the same each time, so that a picture is only what its seed and prompt make of it.
    """
    given: Tensor | None = options.get("concat_image")
    if given is None:
        return torch.zeros(1, _COLOURS, *shape[2:])
    picture, level = resized(given, shape), noise_level(options)
    if level == 0:
        return picture
    sigma = _levels()[level]
    noise = torch.randn(picture.shape, generator=torch.Generator().manual_seed(_SEED))
    return (picture + sigma * noise) / (1 + sigma**2) ** 0.5


def resized(x: Tensor, shape: torch.Size) -> Tensor:
    """At the height and width of a latent of that shape."""
    if x.shape[2:] == shape[2:]:
        return x
    return functional.interpolate(x, size=tuple(shape[2:]), mode="bilinear")


@cache
def _levels() -> Tensor:
    return upscaling().table
