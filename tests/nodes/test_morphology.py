import pytest
import torch

from hub.nodes.morphological import Morphology
from hub.nodes.morphology import closed, dilated, eroded, grown, opened
from hub.testing.nodes import NodeBench


@pytest.mark.parametrize("size", [3, 4, 7, 8, 99])
def test_the_largest_value_of_each_window_is_found(size: int) -> None:
    planes = torch.rand(1, 6, 9)
    found = dilated(planes, size)
    before, after = size // 2, (size - 1) // 2
    for y in range(6):
        for x in range(9):
            window = planes[
                0, max(0, y - before) : y + after + 1, max(0, x - before) : x + after + 1
            ]
            assert found[0, y, x] == window.max()


@pytest.mark.parametrize("pixels", [1, 2, 3, 6, 13, 40])
def test_a_diamond_holds_all_that_is_so_many_steps_away(pixels: int) -> None:
    planes = torch.rand(1, 6, 9)
    widened = grown(planes, pixels, tapered=True)
    narrowed = grown(planes, -pixels, tapered=True)
    rows, columns = torch.arange(6)[:, None], torch.arange(9)
    for y in range(6):
        for x in range(9):
            near = planes[0][(rows - y).abs() + (columns - x).abs() <= pixels]
            assert (widened[0, y, x], narrowed[0, y, x]) == (near.max(), near.min())


@pytest.mark.parametrize("size", [3, 4, 5])
def test_opening_only_takes_away_and_closing_only_adds_and_once_is_enough(size: int) -> None:
    planes = torch.rand(2, 12, 10)
    assert torch.all(opened(planes, size) <= planes)
    assert torch.all(closed(planes, size) >= planes)
    assert torch.equal(opened(opened(planes, size), size), opened(planes, size))
    assert torch.equal(closed(closed(planes, size), size), closed(planes, size))


def test_eroding_the_light_is_dilating_the_dark() -> None:
    planes = torch.rand(1, 8, 8)
    assert torch.allclose(eroded(planes, 3), 1 - dilated(1 - planes, 3))


@pytest.mark.parametrize(
    ("operation", "bright", "dark"),
    [("open", 0, 0), ("close", 1, 1), ("top_hat", 1, 0), ("bottom_hat", 0, 1), ("gradient", 1, 1)],
)
def test_a_bright_point_on_black_and_a_black_one_on_white(
    bench: NodeBench, operation: str, bright: int, dark: int
) -> None:
    image = torch.zeros(1, 9, 18, 3)
    image[:, :, 9:] = 1
    image[:, 4, 4], image[:, 4, 13] = 1, 0
    (result,) = bench.run(Morphology, image=image, operation=operation, kernel_size=3)
    assert (result[0, 4, 4, 0].item(), result[0, 4, 13, 0].item()) == (bright, dark)
