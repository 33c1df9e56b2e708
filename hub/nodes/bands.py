"""Bands of images: as many rows at a time as the processor's cache holds.

What is worked out pixel by pixel in several steps is twice as fast so, and what arises between the
steps takes no memory worth naming, where it would be several times as large as a batch.
"""

from collections.abc import Iterator

from torch import Tensor

_AT_ONCE = 2**17  # numbers of a band


def bands(image: Tensor) -> Iterator[slice]:
    """The rows of each band of [batch, height, width, channels]."""
    height = image.shape[1]
    count = max(1, _AT_ONCE * height // max(1, image.numel()))
    return (slice(top, min(top + count, height)) for top in range(0, height, count))
