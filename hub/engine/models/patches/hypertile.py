"""HyperTile (tfernd 2023): self-attention within tiles, which costs less than over the picture."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

_KEY = "hypertile"  # in what functions are told about one attention
_SMALLEST = 4  # latent pixels


@dataclass(frozen=True, kw_only=True, slots=True)
class HyperTile:
    """Tiles of at least `tile` latent pixels a side, at the finest level and `max_depth` below it.

    With more than one of the `swaps` tile sizes next to that one, it changes from step to step, so
    that no seam stays in one place. The choice follows from level and block, so that a picture can
    be made again.
    """

    tile: int
    swaps: int
    max_depth: int
    is_scaled: bool  # larger tiles where the picture is coarser

    def before(
        self, x: Tensor, context: Tensor, values: Tensor, told: dict[str, Any]
    ) -> tuple[Tensor, ...]:
        rows, columns = told["activations_shape"][-2:]
        depth = _depth(rows, columns, told["original_shape"][-2:])
        is_whole = x.shape[1] == rows * columns  # nobody has merged any of it
        if depth is None or depth > self.max_depth or not is_whole:
            return x, context, values
        seed = f"{_level(told)} {told['block']} {told['block_index']}"
        choose = random.Random(seed)  # noqa: S311 - it hides seams, no secrets
        size = max(_SMALLEST, self.tile) * (2**depth if self.is_scaled else 1)
        down, across = (choose.choice(tilings(side, size, self.swaps)) for side in (rows, columns))
        if down * across == 1:
            return x, context, values
        tiles = told[_KEY] = Tiles(rows, columns, down, across)
        return tuple(tiles.cut(part) for part in (x, context, values))

    def after(self, mixed: Tensor, told: Mapping[str, Any]) -> Tensor:
        tiles: Tiles | None = told.get(_KEY)
        return mixed if tiles is None else tiles.joined(mixed)


@dataclass(frozen=True, slots=True)
class Tiles:
    """`down` times `across` tiles of a picture of `rows` and `columns`."""

    rows: int
    columns: int
    down: int
    across: int

    def cut(self, x: Tensor) -> Tensor:
        """[batch, rows · columns, width] as [batch · tiles, places, width]."""
        height, width = self.rows // self.down, self.columns // self.across
        x = x.reshape(len(x), self.down, height, self.across, width, -1)
        return x.transpose(2, 3).flatten(3, 4).flatten(0, 2)

    def joined(self, x: Tensor) -> Tensor:
        """The way back."""
        height, width = self.rows // self.down, self.columns // self.across
        x = x.reshape(-1, self.down, self.across, height, width, x.shape[-1])
        return x.transpose(2, 3).flatten(1, 4)


def tilings(side: int, smallest: int, count: int) -> list[int]:
    """Into how many tiles a side can be cut evenly, for the `count` smallest tiles allowed."""
    sizes = [size for size in range(min(smallest, side), side + 1) if side % size == 0]
    return [side // size for size in sizes[:count]]


def _depth(rows: int, columns: int, whole: Sequence[int]) -> int | None:
    """How often the picture was halved; None where it is no half of it any more."""
    height, width = whole
    depth = 0
    while (height, width) != (rows, columns):
        if height < rows or width < columns or height * width == 1:
            return None
        height, width, depth = (height + 1) // 2, (width + 1) // 2, depth + 1
    return depth


def _level(told: Mapping[str, Any]) -> float:
    return float(told["sigmas"][0]) if "sigmas" in told else 0.0
