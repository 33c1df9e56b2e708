import pytest
import torch

from hub.nodes.blending import ImageBlend
from hub.nodes.quantizing import ImageQuantize, bayer
from hub.nodes.yuv import ImageRGBToYUV, ImageYUVToRGB
from hub.testing.nodes import NodeBench


def grey(value: float) -> torch.Tensor:
    return torch.full((1, 2, 2, 3), value)


@pytest.mark.parametrize(
    ("mode", "below", "above", "expected"),
    [
        ("normal", 0.2, 0.7, 0.7),
        ("multiply", 0.2, 0.7, 0.14),
        ("screen", 0.2, 0.7, 0.76),
        ("overlay", 0.2, 0.7, 0.28),
        ("overlay", 0.7, 0.2, 0.52),
        ("soft_light", 0.5, 0.25, 0.375),
        ("soft_light", 0.16, 0.75, 0.16 + 0.5 * (0.398336 - 0.16)),
        ("soft_light", 0.64, 1.0, 0.8),
        ("difference", 0.2, 0.7, 0.5),
    ],
)
def test_blend_modes(
    bench: NodeBench, mode: str, below: float, above: float, expected: float
) -> None:
    inputs = {"image1": grey(below), "image2": grey(above), "blend_mode": mode}
    (full,) = bench.run(ImageBlend, **inputs, blend_factor=1.0)
    (half,) = bench.run(ImageBlend, **inputs, blend_factor=0.5)
    assert torch.allclose(full, grey(expected), atol=1e-5)
    assert torch.allclose(half, grey((below + expected) / 2), atol=1e-5)


def test_the_second_image_takes_the_size_of_the_first(bench: NodeBench) -> None:
    inputs = {"image1": torch.rand(1, 4, 6, 3), "image2": torch.rand(1, 9, 9, 3)}
    assert bench.run(ImageBlend, **inputs)[0].shape == (1, 4, 6, 3)


@pytest.mark.parametrize("dither", ["none", "floyd-steinberg", "bayer-2", "bayer-16"])
def test_no_more_colours_are_left_than_were_asked_for(bench: NodeBench, dither: str) -> None:
    image = torch.rand(2, 33, 35, 3)
    (result,) = bench.run(ImageQuantize, image=image, colors=5, dither=dither)
    assert result.shape == image.shape
    for one in result:
        assert len(one.reshape(-1, 3).unique(dim=0)) <= 5


def test_few_colours_stay_what_they_are(bench: NodeBench) -> None:
    image = torch.tensor([[255, 0, 0], [0, 51, 255]]).view(1, 1, 2, 3).repeat(1, 8, 4, 1) / 255
    for dither in ("none", "floyd-steinberg"):
        assert torch.equal(bench.run(ImageQuantize, image=image, colors=2, dither=dither)[0], image)


def test_a_dithered_ramp_has_the_brightness_of_the_original(bench: NodeBench) -> None:
    image = torch.linspace(0, 1, 64).view(1, 1, 64, 1).repeat(1, 64, 1, 3)
    inputs = {"image": image, "colors": 2, "dither": "floyd-steinberg"}
    (dithered,) = bench.run(ImageQuantize, **inputs)
    left, right = dithered[:, :, 24:32].mean(), dithered[:, :, 32:40].mean()
    assert 0.3 < left < right < 0.7


def test_bayers_matrix_holds_each_threshold_once() -> None:
    assert (bayer(2) * 4 + 2).tolist() == [[0, 2], [3, 1]]
    assert sorted((bayer(8) * 64 + 32).flatten().tolist()) == list(range(64))


@pytest.mark.parametrize(
    ("colour", "y", "u", "v"),
    [
        ((1, 1, 1), 1, 0.5, 0.5),
        ((0, 0, 1), 0.114, 1, 0.5 - 0.114 / 1.402),
        ((1, 0, 0), 0.299, 0.5 - 0.299 / 1.772, 1),
    ],
)
def test_brightness_and_colour_differences(
    bench: NodeBench, colour: tuple[int, int, int], y: float, u: float, v: float
) -> None:
    image = torch.tensor(colour).float().expand(1, 2, 2, 3)
    planes = bench.run(ImageRGBToYUV, image=image)
    assert [plane[0, 0, 0].tolist() for plane in planes] == [
        pytest.approx([value] * 3, abs=1e-6) for value in (y, u, v)
    ]


def test_parting_and_joining_brightness_and_colour_gives_the_image_back(bench: NodeBench) -> None:
    image = torch.rand(2, 3, 4, 3)
    y, u, v = bench.run(ImageRGBToYUV, image=image)
    assert torch.allclose(bench.run(ImageYUVToRGB, Y=y, U=u, V=v)[0], image, atol=1e-5)
