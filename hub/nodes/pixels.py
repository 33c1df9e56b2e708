"""Pixels on their way between Pillow, which counts 0…255, and tensors, which go from 0 to 1.

Each way is one or few passes over the data: a photo's two conversions would otherwise cost a fifth
of the time of its whole run. NumPy does the arithmetic because it converts while it calculates and
allocates large arrays on huge pages; torch takes the result over without a copy.
"""

import math
from collections.abc import Iterator
from itertools import chain

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

FloatArray = NDArray[np.float32]
_EIGHT_BIT = np.float32(255)
_SIXTEEN_BIT = np.float32(65535)
_BAND = 150_000  # numbers that are worked on at a time: so many stay in a core's own cache


def image_of(picture: Image.Image) -> Tensor:
    """The colours of a picture of any mode, without its alpha: float32 [height, width, 3]."""
    if is_sixteen_bit(picture):
        grey = np.asarray(picture).astype(np.float32) / _SIXTEEN_BIT
        return torch.from_numpy(np.repeat(grey.clip(0, 1)[..., None], 3, axis=-1))
    rgb = picture if picture.mode == "RGB" else picture.convert("RGB")
    return torch.from_numpy(np.divide(np.asarray(rgb), _EIGHT_BIT, dtype=np.float32))


def channel_of(picture: Image.Image) -> Tensor:
    """A picture of mode L as float32 [height, width]."""
    return torch.from_numpy(np.divide(np.asarray(picture), _EIGHT_BIT, dtype=np.float32))


def mask_of(picture: Image.Image) -> Tensor | None:
    """1 - alpha as float32 [height, width]; None if nothing in the picture can be transparent."""
    if is_sixteen_bit(picture) or not picture.has_transparency_data:
        return None
    return channel_of(picture.convert("RGBA").getchannel("A")).neg_().add_(1.0)


def picture_of(image: Tensor) -> Image.Image:
    """An 8-bit picture, L, RGB or RGBA, of [height, width, 1, 3 or 4]; rounds to nearest.

    Values beyond 0…1 are clipped. What is not a number becomes black.
    """
    values: FloatArray = image.detach().to("cpu", torch.float32).numpy()
    levels: NDArray[np.uint8] = np.empty(values.shape, np.uint8)
    rows = max(1, _BAND // math.prod(values.shape[1:]))
    scratch = np.empty((rows, *values.shape[1:]), np.float32)
    for top in range(0, len(values), rows):
        _to_levels(values[top : top + rows], scratch, levels[top : top + rows])
    return Image.fromarray(levels[..., 0] if levels.shape[-1] == 1 else levels)


def batch_of(images: Iterator[Tensor], count: int) -> Tensor:
    """So many images of one size behind each other; a single one is not copied.

    They are made one by one, so that no more than one of them is in memory twice.
    """
    first = next(images)
    if count == 1:
        return first[None]
    batch = first.new_empty(count, *first.shape)
    for place, image in zip(batch, chain((first,), images), strict=True):
        place.copy_(image)
    return batch


def is_sixteen_bit(picture: Image.Image) -> bool:
    """Whether the picture is grey in more than 8 bits; colours Pillow reads in 8 bits only."""
    return picture.mode == "I" or picture.mode.startswith("I;16")


def _to_levels(values: FloatArray, scratch: FloatArray, levels: NDArray[np.uint8]) -> None:
    """The nearest of 0…255 for each value, into `levels`; `scratch` is at least as large."""
    scaled = np.clip(values, 0, 1, out=scratch[: len(values)])
    scaled *= _EIGHT_BIT
    scaled += np.float32(0.5)
    with np.errstate(invalid="ignore"):  # not a number: see `picture_of`
        levels[...] = scaled
