import pytest
import torch
from PIL import Image
from torch import Tensor

from hub.nodes.pixels import image_of, picture_of
from hub.nodes.resampling import METHODS, cut_to_ratio
from hub.nodes.scaling import ImageCrop, ImageScale, ImageScaleBy
from hub.testing.nodes import NodeBench


def places(height: int, width: int) -> Tensor:
    """An image whose red is the row and whose green is the column, both divided by 255."""
    rows = torch.arange(height).view(-1, 1).expand(height, width)
    columns = torch.arange(width).expand(height, width)
    return torch.stack([rows, columns, torch.zeros_like(rows)], dim=-1)[None] / 255


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("size", [(7, 31), (64, 20)])
def test_one_colour_stays_that_colour_at_every_size(
    bench: NodeBench, method: str, size: tuple[int, int]
) -> None:
    image = torch.full((2, 20, 30, 3), 102 / 255)
    (scaled,) = bench.run(
        ImageScale, image=image, upscale_method=method, width=size[0], height=size[1]
    )
    assert scaled.shape == (2, size[1], size[0], 3)
    assert torch.allclose(scaled, torch.tensor(102 / 255), atol=1e-6)


@pytest.mark.parametrize(("width", "height"), [(20, 0), (0, 30)])
def test_a_side_of_zero_follows_from_the_other(bench: NodeBench, width: int, height: int) -> None:
    image = torch.rand(1, 60, 40, 3)
    (scaled,) = bench.run(
        ImageScale, image=image, upscale_method="area", width=width, height=height
    )
    assert scaled.shape == (1, 30, 20, 3)


def test_two_sides_of_zero_change_nothing(bench: NodeBench) -> None:
    image = torch.rand(1, 6, 4, 3)
    (scaled,) = bench.run(ImageScale, image=image, width=0, height=0)
    assert scaled is image


def test_area_scaling_to_half_is_the_mean_of_four_pixels(bench: NodeBench) -> None:
    image = torch.rand(1, 4, 6, 3)
    (scaled,) = bench.run(ImageScaleBy, image=image, upscale_method="area", scale_by=0.5)
    assert torch.allclose(scaled, image.view(1, 2, 2, 3, 2, 3).mean(dim=(2, 4)), atol=1e-6)


def test_nearest_scaling_to_double_repeats_every_pixel(bench: NodeBench) -> None:
    image = torch.rand(1, 3, 2, 3)
    (scaled,) = bench.run(ImageScaleBy, image=image, upscale_method="nearest-exact", scale_by=2.0)
    assert torch.equal(scaled, image.repeat_interleave(2, 1).repeat_interleave(2, 2))


def test_lanczos_is_pillows_own(bench: NodeBench) -> None:
    image = image_of(picture_of(torch.rand(30, 50, 3)))[None]
    (scaled,) = bench.run(
        ImageScale, image=image, upscale_method="lanczos", width=20, height=11, crop="disabled"
    )
    expected = picture_of(image[0]).resize((20, 11), Image.Resampling.LANCZOS)
    assert torch.equal(scaled[0], image_of(expected))


def test_lanczos_scales_the_alpha_of_four_channels_too(bench: NodeBench) -> None:
    image = torch.tensor([0.2, 0.4, 0.6, 1.0]).repeat(1, 10, 10, 1)
    (scaled,) = bench.run(ImageScale, image=image, upscale_method="lanczos", width=5, height=5)
    assert torch.allclose(scaled, image[:, :5, :5])


def test_a_central_cut_takes_the_same_from_both_sides(bench: NodeBench) -> None:
    cut = cut_to_ratio(places(4, 10), 1, 1)
    assert cut.shape == (1, 4, 4, 3)
    assert (cut[0, 0, :, 1] * 255).round().tolist() == [3, 4, 5, 6]
    assert cut_to_ratio(places(10, 4), 2, 1)[0, :, 0, 0].mul(255).round().tolist() == [4, 5]


def test_a_crop_begins_at_x_and_y(bench: NodeBench) -> None:
    (cut,) = bench.run(ImageCrop, image=places(20, 30), width=4, height=3, x=7, y=5)
    assert cut.shape == (1, 3, 4, 3)
    assert (cut[0, 0, 0] * 255).round().tolist() == [5, 7, 0]


def test_a_crop_beyond_the_edge_keeps_what_there_is(bench: NodeBench) -> None:
    (cut,) = bench.run(ImageCrop, image=places(20, 30), width=9, height=9, x=100, y=15)
    assert cut.shape == (1, 5, 1, 3)
