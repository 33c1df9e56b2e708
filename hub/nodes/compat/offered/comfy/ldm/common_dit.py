"""What networks of packs are built with that cut pictures into patches."""

from collections.abc import Sequence

from torch import Tensor
from torch.nn import functional

from hub.nodes.compat.not_yet import not_yet

__getattr__ = not_yet("comfy.ldm.common_dit")


def pad_to_patch_size(
    img: Tensor, patch_size: Sequence[int] = (2, 2), padding_mode: str = "circular"
) -> Tensor:
    """The last axes lengthened at their ends to whole patches."""
    lengths = img.shape[-len(patch_size) :]
    missing = [-length % size for length, size in zip(lengths, patch_size, strict=True)]
    padding = [part for length in reversed(missing) for part in (0, length)]
    return functional.pad(img, padding, mode=padding_mode)


def rms_norm(x: Tensor, weight: Tensor | None = None, eps: float = 1e-6) -> Tensor:
    """Over the last axis (Zhang and Sennrich 2019)."""
    weight = None if weight is None else weight.to(x)
    return functional.rms_norm(x, x.shape[-1:], weight, eps)
