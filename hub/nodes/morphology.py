"""Grey-scale morphology: the largest and smallest value around each pixel.

What lies beyond the edges never counts. Planes are [batch, height, width].
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional


def dilated(planes: Tensor, size: int) -> Tensor:
    """The largest value in a square of `size` × `size` pixels around each."""
    return _largest_along(_largest_along(planes, size, dim=1), size, dim=2)


def eroded(planes: Tensor, size: int) -> Tensor:
    """The smallest value in such a square.

    A square of even size reaches one pixel further to one side. That of `eroded` is the mirror
    image of that of `dilated`, as it must be for opening to take away and closing to add only.
    """
    return -dilated(-planes.flip(1, 2), size).flip(1, 2)


def opened(planes: Tensor, size: int) -> Tensor:
    """Without bright spots into which the square does not fit."""
    return dilated(eroded(planes, size), size)


def closed(planes: Tensor, size: int) -> Tensor:
    """Without dark spots into which the square does not fit."""
    return eroded(dilated(planes, size), size)


OPERATIONS: dict[str, Callable[[Tensor, int], Tensor]] = {
    "erode": eroded,
    "dilate": dilated,
    "open": opened,
    "close": closed,
    "gradient": lambda planes, size: dilated(planes, size) - eroded(planes, size),
    "bottom_hat": lambda planes, size: closed(planes, size) - planes,
    "top_hat": lambda planes, size: planes - opened(planes, size),
}


def grown(planes: Tensor, pixels: int, *, tapered: bool) -> Tensor:
    """Dilated by so many pixels each way; eroded if there are fewer than none.

    Tapered, a point becomes a diamond, otherwise a square.
    """
    if pixels < 0:
        return -grown(-planes, -pixels, tapered=tapered)
    if not tapered:
        return dilated(planes, 2 * pixels + 1)
    height, width = planes.shape[1:]
    for _ in range(min(pixels, height + width)):  # by then each point has reached every other
        across = _largest_along(planes, 3, dim=2)
        planes = torch.maximum(across, _largest_along(planes, 3, dim=1))
    return planes


def _largest_along(planes: Tensor, size: int, dim: int) -> Tensor:
    """The largest of the `size // 2` values before, the value itself, and those after it.

    Wide windows are made of two narrower ones, so that the cost grows with the logarithm of `size`
    only.
    """
    length = planes.shape[dim]
    size = min(size, 2 * length + size % 2)  # wider ones reach nothing more
    before, after = size // 2, (size - 1) // 2
    padding = (before, after) if dim == 2 else (0, 0, before, after)
    windows = functional.pad(planes, padding, value=float("-inf"))
    width = 1
    while width < size:
        shift = min(width, size - width)
        kept = windows.shape[dim] - shift
        windows = torch.maximum(windows.narrow(dim, 0, kept), windows.narrow(dim, shift, kept))
        width += shift
    return windows
