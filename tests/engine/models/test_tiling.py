"""Carrying out a function tile by tile."""

import pytest
import torch
from torch import Tensor

from hub.engine.models.devices import CPU
from hub.engine.models.tiling import spans, steps, tiled


def enlarged(samples: Tensor) -> Tensor:
    """Every pixel becomes 2 × 2."""
    return samples.repeat_interleave(2, -1).repeat_interleave(2, -2)


def blurred(samples: Tensor) -> Tensor:
    """A function that sees 2 pixels around each."""
    return torch.nn.functional.avg_pool2d(samples, 5, stride=1, padding=2, count_include_pad=False)


@pytest.mark.parametrize("length", [1, 7, 8, 9, 20, 21, 100])
def test_the_weights_of_all_tiles_add_up_to_one_everywhere(length: int) -> None:
    total = torch.zeros(length * 3)
    for span in spans(length, 8, 3, lambda at: at * 3):
        total[span.target] += span.weights
    torch.testing.assert_close(total, torch.ones(length * 3))


def test_all_tiles_are_equally_long_and_the_last_overlaps_more() -> None:
    found = spans(20, 8, 2, float)
    assert [(span.source.start, span.source.stop) for span in found] == [(0, 8), (6, 14), (12, 20)]
    found = spans(17, 8, 2, float)
    assert [(span.source.start, span.source.stop) for span in found] == [(0, 8), (6, 14), (9, 17)]


def test_what_needs_no_surroundings_is_the_same_in_tiles() -> None:
    samples = torch.rand(2, 3, 30, 41)
    axes = [spans(size, 16, 4, lambda at: at * 2) for size in (30, 41)]
    told: list[None] = []
    result = tiled(samples, enlarged, axes, channels=3, device=CPU, done=lambda: told.append(None))
    torch.testing.assert_close(result, enlarged(samples))
    assert len(told) == 2 * steps(axes) == 2 * 3 * 4


def test_one_tile_fades_into_the_next() -> None:
    values = iter((torch.zeros(1, 1, 8), torch.ones(1, 1, 8)))
    axes = [spans(12, 8, 4, float)]
    result = tiled(torch.zeros(1, 1, 12), lambda _: next(values), axes, channels=1, device=CPU)
    torch.testing.assert_close(
        result[0, 0], torch.tensor([0, 0, 0, 0, 0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1])
    )


def test_an_overlap_hides_that_tiles_end() -> None:
    samples = torch.rand(1, 1, 64, 64, generator=torch.Generator().manual_seed(1))
    seen = [
        tiled(samples, blurred, [spans(64, 32, o, float)] * 2, channels=1, device=CPU)
        for o in (0, 16)
    ]
    hard, soft = ((result - blurred(samples)).abs().max().item() for result in seen)
    assert soft < hard / 3


def test_tiles_that_would_not_advance_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot overlap by 8"):
        spans(20, 8, 8, float)
