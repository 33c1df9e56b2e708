"""What is worked on in bands comes out as if it had been worked on at once."""

import pytest
import torch

from hub.nodes.bands import bands
from hub.nodes.blend_modes import BLEND_MODES
from hub.nodes.blending import ImageBlend
from hub.nodes.gaussian import blurred
from hub.nodes.porter_duff import composited
from hub.testing.nodes import NodeBench

_SHAPE = (2, 300, 500, 3)  # of many bands


@pytest.mark.parametrize("shape", [_SHAPE, (1, 1, 1, 3), (1, 3, 200_000, 3), (0, 8, 8, 3)])
def test_every_row_is_in_one_band(shape: tuple[int, ...]) -> None:
    found = [row for band in bands(torch.empty(shape)) for row in range(band.start, band.stop)]
    assert found == list(range(shape[1]))


def test_a_large_image_has_more_than_one_band() -> None:
    assert len(list(bands(torch.empty(_SHAPE)))) > 1


@pytest.mark.parametrize("mode", ["multiply", "soft_light"])
def test_all_rows_of_a_large_image_are_blended(bench: NodeBench, mode: str) -> None:
    below, above = torch.rand(_SHAPE), torch.rand(_SHAPE)
    (result,) = bench.run(ImageBlend, image1=below, image2=above, blend_factor=0.3, blend_mode=mode)
    expected = below.lerp(BLEND_MODES[mode](below, above), 0.3).clamp(0, 1)
    assert torch.allclose(result, expected, atol=1e-6)


def test_a_single_image_is_blended_with_each_of_a_batch(bench: NodeBench) -> None:
    one, many = torch.rand(1, *_SHAPE[1:]), torch.rand(_SHAPE)
    for below, above in ((one, many), (many, one)):
        (result,) = bench.run(
            ImageBlend, image1=below, image2=above, blend_factor=1.0, blend_mode="multiply"
        )
        assert torch.allclose(result, one * many, atol=1e-6)


def test_all_rows_of_large_layers_are_composited() -> None:
    over, under = torch.rand(_SHAPE), torch.rand(_SHAPE)
    over_alpha, opaque = torch.rand(*_SHAPE[:3], 1), torch.ones(*_SHAPE[:3], 1)
    image, alpha = composited(over, over_alpha, under, opaque, "SRC_OVER")
    assert torch.allclose(image, under.lerp(over, over_alpha), atol=1e-6)
    assert torch.allclose(alpha, opaque)


def test_a_large_image_is_blurred_like_its_parts() -> None:
    image = torch.rand(_SHAPE)
    whole = blurred(image, 5, 0.7)
    for top in range(0, 300, 50):
        part = image[:, max(0, top - 5) : top + 55]
        above = min(top, 5)
        found = blurred(part, 5, 0.7)[:, above : above + 50]
        assert torch.equal(whole[:, top : top + 50], found)
