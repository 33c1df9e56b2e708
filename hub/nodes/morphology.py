"""Grey-scale morphology: the largest and smallest value around each pixel.

What lies beyond the edges never counts. Planes are [batch, height, width].
"""

from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional


class _Pick(Protocol):
    """The larger or the smaller of two numbers: `torch.maximum` or `torch.minimum`."""

    def __call__(self, one: Tensor, other: Tensor, /, *, out: Tensor | None = None) -> Tensor: ...


def dilated(planes: Tensor, size: int) -> Tensor:
    """The largest value in a square of `size` × `size` pixels around each."""
    return _window(planes, size, torch.maximum, before=size // 2)


def eroded(planes: Tensor, size: int) -> Tensor:
    """The smallest value in such a square.

    A square of even size reaches one pixel further to one side. That of `eroded` is the mirror
    image of that of `dilated`, as it must be for opening to take away and closing to add only.
    """
    return _window(planes, size, torch.minimum, before=(size - 1) // 2)


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
    pick, pixels = (torch.minimum, -pixels) if pixels < 0 else (torch.maximum, pixels)
    if tapered:
        return _diamond(planes, pixels, pick)
    return _window(planes, 2 * pixels + 1, pick, before=pixels)


def _diamond(planes: Tensor, pixels: int, pick: _Pick) -> Tensor:
    """What `pick` finds among all that are so many steps away, across and down.

    A diamond is four smaller ones, moved apart by no more than each reaches; so the cost grows with
    the logarithm of `pixels` only (van den Boomgaard and van Balen 1992). Where a move leads beyond
    an edge, the pixel at the edge stands for what lies there: it sees all that could be seen.
    """
    height, width = planes.shape[1:]
    pixels = min(pixels, height + width)  # by then each point has reached every other
    reach = 0
    while reach < pixels:
        move = min(max(1, reach), pixels - reach)
        found = planes.clone()
        for dim in (1, 2):
            _pick_moved(found, planes, move, dim, pick)
        planes = found
        reach += move
    return planes


def _pick_moved(found: Tensor, planes: Tensor, move: int, dim: int, pick: _Pick) -> None:
    """`pick` between `found` and `planes`, moved both ways along an axis, into `found`."""
    length = planes.shape[dim]
    move = min(move, length)
    inside = length - move
    for here, there, edge in ((0, move, length - 1), (move, 0, 0)):
        part = found.narrow(dim, here, inside)
        pick(part, planes.narrow(dim, there, inside), out=part)
        rest = found.narrow(dim, inside if here == 0 else 0, move)
        pick(rest, planes.narrow(dim, edge, 1), out=rest)


def _window(planes: Tensor, size: int, pick: _Pick, before: int) -> Tensor:
    """What `pick` finds in a square of `size` pixels, of which so many lie before the middle."""
    return _along(_along(planes, size, pick, before, dim=1), size, pick, before, dim=2)


def _along(planes: Tensor, size: int, pick: _Pick, before: int, dim: int) -> Tensor:
    """The same along one axis.

    Wide windows are made of two narrower ones, so that the cost grows with the logarithm of `size`
    only.
    """
    length = planes.shape[dim]
    after = min(size - 1 - before, length)  # wider ones reach nothing more
    before = min(before, length)
    size = before + 1 + after
    padding = (before, after) if dim == 2 else (0, 0, before, after)
    nothing = float("-inf" if pick is torch.maximum else "inf")
    windows = functional.pad(planes, padding, value=nothing)
    width = 1
    while width < size:
        shift = min(width, size - width)
        kept = windows.shape[dim] - shift
        windows = pick(windows.narrow(dim, 0, kept), windows.narrow(dim, shift, kept))
        width += shift
    return windows
