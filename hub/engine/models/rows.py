"""Rows of a batch."""

from torch import Tensor


def repeated(x: Tensor, batch: int) -> Tensor:
    """`x` with that many rows: repeated from the first on, or cut."""
    if len(x) == batch:
        return x
    return x.repeat(-(-batch // len(x)), *[1] * (x.dim() - 1))[:batch]
