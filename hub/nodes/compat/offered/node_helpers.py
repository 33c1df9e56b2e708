"""Small things that nodes of packs need again and again."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import torch
from PIL import ImageFile, UnidentifiedImageError
from torch import Tensor

from hub.nodes.compat.not_yet import not_yet
from hub.nodes.resampling import with_channels

__getattr__ = not_yet("node_helpers")
Conditioning = list[list[Any]]
T = TypeVar("T")
A = TypeVar("A")
_TYPES = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}


def conditioning_set_values(
    conditioning: Conditioning, values: Mapping[str, Any] | None = None, append: bool = False
) -> Conditioning:
    """A copy in which every entry has these values, or has them added to its own."""
    return [[entry[0], _with_values(entry[1], values or {}, append)] for entry in conditioning]


def pillow(fn: Callable[[A], T], arg: A) -> T:
    """Open or decode a picture, and once more without minding that its end is missing."""
    try:
        return fn(arg)
    except (OSError, UnidentifiedImageError, ValueError):
        before = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            return fn(arg)
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def hasher() -> Callable[..., Any]:
    """What makes a hash of a file."""
    return hashlib.sha256


def string_to_torch_dtype(string: str) -> torch.dtype | None:
    return _TYPES.get(string)


def image_alpha_fix(destination: Tensor, source: Tensor) -> tuple[Tensor, Tensor]:
    """Both, with the source brought to as many channels as the destination has."""
    return destination, with_channels(source, destination.shape[-1])


def _with_values(
    known: Mapping[str, Any], values: Mapping[str, Any], append: bool
) -> dict[str, Any]:
    added = {name: known[name] + values[name] for name in values if append and name in known}
    return {**known, **values, **added}
