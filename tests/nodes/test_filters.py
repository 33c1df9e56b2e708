import pytest
import torch

from hub.errors import Invalid
from hub.nodes.filters import ImageBlur, ImageInvert, ImageSharpen
from hub.nodes.gaussian import gaussian_weights
from hub.testing.nodes import NodeBench


def impulse(side: int) -> torch.Tensor:
    image = torch.zeros(1, side, side, 3)
    image[0, side // 2, side // 2] = 1.0
    return image


def test_inverting_twice_gives_the_image_back(bench: NodeBench) -> None:
    image = torch.rand(1, 4, 4, 3)
    (once,) = bench.run(ImageInvert, image=image)
    (twice,) = bench.run(ImageInvert, image=once)
    assert torch.equal(once, 1 - image)
    assert torch.allclose(twice, image, atol=1e-6)


@pytest.mark.parametrize("radius", [1, 4, 10])
def test_a_blurred_point_is_the_gaussian_kernel_and_sums_to_one(
    bench: NodeBench, radius: int
) -> None:
    side = 4 * radius + 1
    (blurred,) = bench.run(ImageBlur, image=impulse(side), blur_radius=radius, sigma=0.7)
    weights = gaussian_weights(radius, 0.7)
    found = blurred[0, radius : 3 * radius + 1, radius : 3 * radius + 1, 1]
    assert torch.allclose(found, weights[:, None] * weights, atol=1e-7)
    assert blurred[..., 0].sum().item() == pytest.approx(1.0, abs=1e-5)


def test_sigma_is_measured_in_radii() -> None:
    weights = gaussian_weights(4, 1.0)
    assert (weights[0] / weights[4]).item() == pytest.approx(2.718281828**-0.5, rel=1e-5)


def test_beyond_the_edge_the_image_is_mirrored(bench: NodeBench) -> None:
    image = torch.tensor([0.0, 1.0, 0.0]).view(1, 1, 3, 1).repeat(1, 3, 1, 3)
    (blurred,) = bench.run(ImageBlur, image=image, blur_radius=1, sigma=1.0)
    side, middle, _ = gaussian_weights(1, 1.0).tolist()
    assert blurred[0, 0, 0, 0].item() == pytest.approx(2 * side, abs=1e-6)
    assert blurred[0, 0, 1, 0].item() == pytest.approx(middle, abs=1e-6)


def test_sharpening_adds_ten_times_alpha_of_the_details(bench: NodeBench) -> None:
    image = torch.rand(2, 9, 9, 3) * 0.1 + 0.45
    (blurred,) = bench.run(ImageBlur, image=image, blur_radius=2, sigma=1.0)
    (sharp,) = bench.run(ImageSharpen, image=image, sharpen_radius=2, sigma=1.0, alpha=0.3)
    assert torch.allclose(sharp, (image + 3 * (image - blurred)).clamp(0, 1), atol=1e-5)


def test_one_colour_is_neither_blurred_nor_sharpened(bench: NodeBench) -> None:
    image = torch.full((1, 8, 8, 3), 0.3)
    for node in (ImageBlur, ImageSharpen):
        (result,) = bench.run(node, image=image)
        assert torch.allclose(result, image, atol=1e-5)


def test_a_radius_without_room_is_refused_in_words(bench: NodeBench) -> None:
    with pytest.raises(Invalid, match="radius of 5 px needs an image of at least 6 px"):
        bench.run(ImageBlur, image=torch.zeros(1, 5, 40, 3), blur_radius=5)
