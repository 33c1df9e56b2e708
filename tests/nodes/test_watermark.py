import pytest
import torch
from torch import Tensor

from hub.nodes.watermark import POSITIONS, ImageWatermark
from hub.testing.nodes import NodeBench


def changed(before: Tensor, after: Tensor) -> tuple[float, float]:
    """The middle, as shares of height and width, of what differs."""
    rows, columns = torch.nonzero((after - before).abs().amax(dim=(0, 3)) > 0.05, as_tuple=True)
    return (
        (rows.min() + rows.max()).item() / 2 / before.shape[1],
        (columns.min() + columns.max()).item() / 2 / before.shape[2],
    )


@pytest.mark.parametrize("ground", [0.0, 0.5, 1.0])
def test_it_can_be_told_from_black_grey_and_white(bench: NodeBench, ground: float) -> None:
    image = torch.full((1, 200, 300, 3), ground)
    (marked,) = bench.run(ImageWatermark, image=image, text="© Ada", opacity=1.0, size=10.0)
    assert (marked - image).abs().max().item() > 0.4
    assert 0 <= marked.min() <= marked.max() <= 1


@pytest.mark.parametrize("position", POSITIONS)
def test_it_stands_where_it_is_told_to(bench: NodeBench, position: str) -> None:
    image = torch.zeros(2, 300, 300, 3)
    (marked,) = bench.run(ImageWatermark, image=image, text="Ada", position=position, size=5.0)
    down, across = changed(image, marked)
    assert (down < 0.4) == ("top" in position)
    assert (across < 0.4) == ("left" in position)
    assert (0.4 < down < 0.6) == (position == "center")
    assert torch.equal(marked[0], marked[1])


def test_opacity_is_the_share_of_the_text(bench: NodeBench) -> None:
    image = torch.zeros(1, 100, 200, 3)
    inputs = {"image": image, "text": "Ada", "size": 20.0}
    (full,) = bench.run(ImageWatermark, **inputs, opacity=1.0)
    (half,) = bench.run(ImageWatermark, **inputs, opacity=0.5)
    assert torch.allclose(half, full / 2, atol=1e-6)


@pytest.mark.parametrize("inputs", [{"text": " "}, {"text": "Ada", "opacity": 0.0}])
def test_without_text_or_opacity_nothing_changes(
    bench: NodeBench, inputs: dict[str, object]
) -> None:
    image = torch.rand(1, 20, 20, 3)
    (marked,) = bench.run(ImageWatermark, image=image, **inputs)
    assert marked is image


def test_a_text_too_long_or_too_high_stays_inside(bench: NodeBench) -> None:
    image = torch.zeros(1, 30, 60, 3)
    for text in ("very long " * 20, "a\nb\nc\nd\ne\nf"):
        (marked,) = bench.run(ImageWatermark, image=image, text=text, size=50.0)
        assert marked.shape == image.shape
        assert marked.max().item() > 0.05


def test_the_images_that_came_in_are_not_touched(bench: NodeBench) -> None:
    image = torch.zeros(1, 50, 50, 3)
    bench.run(ImageWatermark, image=image, text="Ada", size=20.0)
    assert not image.any()
