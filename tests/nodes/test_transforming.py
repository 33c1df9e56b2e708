import pytest
import torch

from hub.nodes.dataset_images import (
    AdjustBrightness,
    AdjustContrast,
    CenterCropImages,
    NormalizeImages,
    RandomCropImages,
    ResizeImagesByLongerEdge,
    ResizeImagesByShorterEdge,
)
from hub.nodes.noise import ImageAddNoise
from hub.nodes.padding import ImagePadForOutpaint, ResizeAndPadImage
from hub.nodes.stitching import ImageStitch
from hub.nodes.target_sizes import (
    KONTEXT_SIZES,
    FluxKontextImageScale,
    GetImageSize,
    ImageScaleToMaxDimension,
    ImageScaleToTotalPixels,
)
from hub.nodes.turning import ImageFlip, ImageRotate
from hub.testing.nodes import NodeBench

CORNERS = torch.tensor([[1.0, 2.0], [3.0, 4.0]]).view(1, 2, 2, 1).repeat(1, 1, 1, 3) / 10


def corners(image: torch.Tensor) -> list[int]:
    return [round(10 * value) for value in image[0, ..., 0].flatten().tolist()]


@pytest.mark.parametrize(
    ("rotation", "expected"),
    [
        ("none", [1, 2, 3, 4]),
        ("90 degrees", [3, 1, 4, 2]),
        ("180 degrees", [4, 3, 2, 1]),
        ("270 degrees", [2, 4, 1, 3]),
    ],
)
def test_images_turn_clockwise(bench: NodeBench, rotation: str, expected: list[int]) -> None:
    assert corners(bench.run(ImageRotate, image=CORNERS, rotation=rotation)[0]) == expected


def test_images_are_mirrored(bench: NodeBench) -> None:
    (down,) = bench.run(ImageFlip, image=CORNERS, flip_method="x-axis: vertically")
    (across,) = bench.run(ImageFlip, image=CORNERS, flip_method="y-axis: horizontally")
    assert corners(down) == [3, 4, 1, 2]
    assert corners(across) == [2, 1, 4, 3]


def test_borders_are_grey_and_masked_and_the_mask_fades_inside(bench: NodeBench) -> None:
    image = torch.ones(2, 10, 12, 3)
    padded, mask = bench.run(ImagePadForOutpaint, image=image, left=3, bottom=2, feathering=4)
    assert padded.shape == (2, 12, 15, 3)
    assert torch.all(padded[:, :, :3] == 0.5)
    assert torch.all(padded[:, :10, 3:] == 1)
    assert torch.all(mask[0, :, :3] == 1)
    fading = [((4 - distance) / 4) ** 2 for distance in range(4)]
    assert mask[0, 0, 3:9].tolist() == pytest.approx([*fading, 0, 0])
    assert mask[0, 6:10, 14].tolist() == pytest.approx([0, *fading[:0:-1]])
    assert mask[0, 0, 14] == 0


@pytest.mark.parametrize("feathering", [0, 5])
def test_no_mask_fades_where_there_is_no_room(bench: NodeBench, feathering: int) -> None:
    inputs = {"image": torch.ones(1, 10, 12, 3), "top": 8, "feathering": feathering}
    assert bench.run(ImagePadForOutpaint, **inputs)[1].sum() == 8 * 12


def test_an_image_is_fitted_into_a_frame(bench: NodeBench) -> None:
    inputs = {"target_width": 8, "target_height": 8, "padding_color": "white"}
    (result,) = bench.run(ResizeAndPadImage, image=torch.zeros(1, 2, 4, 3), **inputs)
    assert result[0, :, 0, 0].tolist() == [1, 1, 0, 0, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("direction", "shape"),
    [("right", (4, 16)), ("left", (4, 16)), ("down", (14, 6)), ("up", (14, 6))],
)
def test_a_second_image_is_scaled_to_its_side(
    bench: NodeBench, direction: str, shape: tuple[int, int]
) -> None:
    wide = {"image1": torch.zeros(1, 4, 6, 3), "image2": torch.ones(1, 8, 16, 3)}
    high = {"image1": torch.zeros(1, 4, 6, 3), "image2": torch.ones(1, 16, 12, 3)}
    images = wide if direction in ("left", "right") else high
    inputs = {"direction": direction, "spacing_width": 2, "spacing_color": "red"}
    (result,) = bench.run(ImageStitch, **images, **inputs)
    assert result.shape == (1, *shape, 3)
    begins_with_first = result[0, 0, 0, 0] == 0
    assert begins_with_first == (direction in ("right", "down"))
    assert (result == torch.tensor([1.0, 0.0, 0.0])).all(-1).sum() == 2 * min(shape)


def test_an_image_that_is_not_scaled_is_centred_on_black(bench: NodeBench) -> None:
    images = {"image1": torch.ones(1, 4, 2, 3), "image2": torch.ones(3, 2, 1, 3)}
    (result,) = bench.run(ImageStitch, **images, match_image_size=False)
    assert result.shape == (3, 4, 3, 3)
    assert result[2, :, 2, 0].tolist() == [0, 1, 1, 0]


def test_without_a_second_image_the_first_stays(bench: NodeBench) -> None:
    assert torch.equal(bench.run(ImageStitch, image1=CORNERS)[0], CORNERS)


def test_a_number_of_pixels_is_met(bench: NodeBench) -> None:
    image = torch.rand(1, 100, 200, 3)
    (half,) = bench.run(ImageScaleToTotalPixels, image=image, megapixels=0.5)
    (even,) = bench.run(ImageScaleToTotalPixels, image=image, megapixels=0.5, resolution_steps=64)
    assert half.shape == (1, 512, 1024, 3)
    assert even.shape == (1, 512, 1024, 3)
    image = torch.rand(1, 100, 190, 3)
    (even,) = bench.run(ImageScaleToTotalPixels, image=image, megapixels=0.1, resolution_steps=64)
    assert even.shape == (1, 256, 448, 3)


@pytest.mark.parametrize(("size", "expected"), [(60, (40, 60)), (6, (4, 6)), (0, (20, 30))])
def test_the_longer_side_is_met(bench: NodeBench, size: int, expected: tuple[int, int]) -> None:
    image = torch.rand(1, 20, 30, 3)
    (result,) = bench.run(ImageScaleToMaxDimension, image=image, largest_size=size)
    assert result.shape[1:3] == expected


def test_kontext_gets_the_size_whose_ratio_is_nearest(bench: NodeBench) -> None:
    (square,) = bench.run(FluxKontextImageScale, image=torch.rand(1, 50, 51, 3))
    (narrow,) = bench.run(FluxKontextImageScale, image=torch.rand(1, 300, 10, 3))
    assert square.shape[1:3] == (1024, 1024)
    assert narrow.shape[1:3] == (1568, 672)
    assert all(0.97 < width * height / 1024**2 < 1.03 for width, height in KONTEXT_SIZES)


def test_the_size_is_told(bench: NodeBench) -> None:
    assert bench.run(GetImageSize, image=torch.zeros(2, 3, 4, 3)) == (4, 3, 2)


def test_the_same_seed_gives_the_same_noise_of_that_strength(bench: NodeBench) -> None:
    image = torch.full((1, 64, 64, 3), 0.5)
    first, again, other = (
        bench.run(ImageAddNoise, image=image, seed=seed, strength=0.1)[0]
        for seed in (1, 1, 2**64 - 1)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert (first - image).std().item() == pytest.approx(0.1, rel=0.05)


def test_edges_of_a_training_set(bench: NodeBench) -> None:
    images = torch.rand(2, 20, 30, 3)
    (shorter,) = bench.run(ResizeImagesByShorterEdge, images=images, shorter_edge=10)
    (longer,) = bench.run(ResizeImagesByLongerEdge, images=images, longer_edge=60)
    assert shorter.shape == (2, 10, 15, 3)
    assert longer.shape == (2, 40, 60, 3)


def test_the_middle_is_cut_out(bench: NodeBench) -> None:
    images = torch.arange(5.0).view(1, 1, 5, 1).repeat(1, 2, 1, 3)
    (result,) = bench.run(CenterCropImages, images=images, width=3, height=9)
    assert result[0, :, :, 0].tolist() == [[1, 2, 3]] * 2


def test_a_seed_chooses_the_place(bench: NodeBench) -> None:
    images = torch.arange(100.0).view(1, 1, 100, 1).repeat(1, 2, 1, 3)
    inputs = {"images": images, "width": 1, "height": 1}
    places = [bench.run(RandomCropImages, **inputs, seed=seed)[0][0, 0, 0, 0] for seed in range(9)]
    again = [bench.run(RandomCropImages, **inputs, seed=seed)[0][0, 0, 0, 0] for seed in range(9)]
    assert places == again
    assert len({int(place) for place in places}) > 3


def test_values_are_normalised_and_adjusted(bench: NodeBench) -> None:
    images = torch.tensor([0.25, 0.5, 0.75]).view(1, 1, 3, 1).repeat(1, 1, 1, 3)
    for node, inputs, expected in (
        (NormalizeImages, {"mean": 0.5, "std": 0.25}, [-1, 0, 1]),
        (AdjustBrightness, {"factor": 1.6}, [0.4, 0.8, 1]),
        (AdjustContrast, {"factor": 1.2}, [0.2, 0.5, 0.8]),
    ):
        (result,) = bench.run(node, images=images, **inputs)
        assert result[0, 0, :, 0].tolist() == pytest.approx(expected)
