from typing import Any

import pytest
import torch

from hub.engine.models.patches.hypertile import HyperTile, Tiles, tilings


def told(rows: int, columns: int, whole: tuple[int, int] = (64, 48)) -> dict[str, Any]:
    return {
        "activations_shape": (1, 8, rows, columns),
        "original_shape": (1, 4, *whole),
        "block": ("input", 1),
        "block_index": 0,
        "sigmas": torch.tensor([3.0]),
    }


def test_tiles_are_pieces_of_the_picture_and_go_together_again() -> None:
    tiles = Tiles(4, 6, 2, 3)
    picture = torch.arange(24.0).view(1, 4, 6)
    cut = tiles.cut(picture.flatten(1)[..., None])
    assert cut.shape == (6, 4, 1)
    assert torch.equal(cut[1].view(2, 2), picture[0, :2, 2:4])
    assert torch.equal(tiles.joined(cut).view(1, 4, 6), picture)


@pytest.mark.parametrize(
    ("side", "smallest", "count", "expected"),
    [(64, 32, 1, [2]), (64, 32, 2, [2, 1]), (64, 8, 2, [8, 4]), (7, 2, 3, [1]), (4, 9, 2, [1])],
)
def test_sides_are_cut_evenly(side: int, smallest: int, count: int, expected: list[int]) -> None:
    assert tilings(side, smallest, count) == expected


def test_one_tile_is_no_tile() -> None:
    facts, x = told(64, 48), torch.randn(1, 64 * 48, 8)
    tiling = HyperTile(tile=64, swaps=1, max_depth=0, is_scaled=False)
    assert tiling.before(x, x, x, facts) == (x, x, x)
    assert tiling.after(x, facts) is x


@pytest.mark.parametrize(("depth", "scaled", "tiles"), [(0, False, 1), (1, False, 2), (1, True, 1)])
def test_lower_levels_are_tiled_as_deep_as_wanted(depth: int, scaled: bool, tiles: int) -> None:
    tiling = HyperTile(tile=24, swaps=1, max_depth=depth, is_scaled=scaled)
    x = torch.randn(1, 48 * 24, 8)
    cut, *_ = tiling.before(x, x, x, told(48, 24, (96, 48)))
    assert len(cut) == tiles


def test_what_is_no_half_of_the_picture_is_not_tiled() -> None:
    x = torch.randn(1, 30 * 20, 8)
    tiling = HyperTile(tile=4, swaps=1, max_depth=3, is_scaled=False)
    assert tiling.before(x, x, x, told(30, 20))[0] is x


def test_the_tiles_change_with_the_level_and_can_be_had_again() -> None:
    tiling = HyperTile(tile=4, swaps=6, max_depth=0, is_scaled=False)
    x = torch.randn(1, 64 * 48, 8)
    counts = []
    for level in [*map(float, range(12))] * 2:
        facts = {**told(64, 48), "sigmas": torch.tensor([level])}
        counts.append(len(tiling.before(x, x, x, facts)[0]))
    assert counts[:12] == counts[12:]
    assert len(set(counts)) > 1
