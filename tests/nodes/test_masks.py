import pytest
import torch

from hub.errors import Invalid
from hub.nodes.mask_shaping import FeatherMask, GrowMask, MaskComposite
from hub.nodes.masks import (
    CropMask,
    ImageColorToMask,
    ImageToMask,
    InvertMask,
    MaskToImage,
    SolidMask,
    ThresholdMask,
)
from hub.nodes.saving import MaskPreview
from hub.testing.nodes import NodeBench


def point(side: int) -> torch.Tensor:
    mask = torch.zeros(1, side, side)
    mask[0, side // 2, side // 2] = 1
    return mask


def test_a_mask_becomes_an_image_and_its_channels_the_mask_again(bench: NodeBench) -> None:
    mask = torch.rand(2, 3, 4)
    (image,) = bench.run(MaskToImage, mask=mask)
    (back,) = bench.run(ImageToMask, image=image, channel="blue")
    assert image.shape == (2, 3, 4, 3)
    assert torch.equal(back, mask)


def test_a_mask_without_batch_is_taken_too(bench: NodeBench) -> None:
    assert bench.run(MaskToImage, mask=torch.rand(3, 4))[0].shape == (1, 3, 4, 3)


def test_a_channel_that_is_not_there_is_refused_in_words(bench: NodeBench) -> None:
    with pytest.raises(Invalid, match="3 channels and none called alpha"):
        bench.run(ImageToMask, image=torch.rand(1, 2, 2, 3), channel="alpha")


def test_only_pixels_of_exactly_one_colour_are_masked(bench: NodeBench) -> None:
    image = torch.tensor([[255, 128, 0], [255, 127, 0]]).view(1, 1, 2, 3) / 255
    (mask,) = bench.run(ImageColorToMask, image=image, color=0xFF8000)
    assert mask.tolist() == [[[1, 0]]]


def test_solid_inverted_and_threshold_masks(bench: NodeBench) -> None:
    (solid,) = bench.run(SolidMask, value=0.25, width=3, height=2)
    (inverted,) = bench.run(InvertMask, mask=solid)
    (at_value,) = bench.run(ThresholdMask, mask=solid, value=0.25)
    (above,) = bench.run(ThresholdMask, mask=inverted, value=0.25)
    assert solid.tolist() == [[[0.25] * 3] * 2]
    assert inverted.tolist() == [[[0.75] * 3] * 2]
    assert at_value.sum() == 0
    assert above.sum() == 6


def test_a_crop_stays_inside_and_keeps_a_pixel(bench: NodeBench) -> None:
    mask = torch.arange(12.0).view(1, 3, 4)
    assert bench.run(CropMask, mask=mask, x=1, y=1, width=2, height=9)[0].tolist() == [
        [[5, 6], [9, 10]]
    ]
    assert bench.run(CropMask, mask=mask, x=99, y=99)[0].tolist() == [[[11]]]


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("multiply", [0.0, 0.0, 0.0, 0.54]),
        ("add", [0.0, 0.9, 0.6, 1.0]),
        ("subtract", [0.0, 0.0, 0.6, 0.0]),
        ("and", [0, 0, 0, 1]),
        ("or", [0, 1, 1, 1]),
        ("xor", [0, 1, 1, 0]),
    ],
)
def test_masks_are_combined(bench: NodeBench, operation: str, expected: list[float]) -> None:
    destination = torch.tensor([[[0, 0, 0.6, 0.6]]])
    source = torch.tensor([[[0, 0.9, 0, 0.9]]])
    inputs = {"destination": destination, "source": source}
    (result,) = bench.run(MaskComposite, **inputs, operation=operation)
    assert torch.allclose(result, torch.tensor([[expected]], dtype=torch.float32))


def test_what_reaches_beyond_the_destination_is_cut_off(bench: NodeBench) -> None:
    inputs = {"destination": torch.zeros(1, 3, 3), "source": torch.ones(1, 2, 2)}
    (result,) = bench.run(MaskComposite, **inputs, x=2, y=2, operation="add")
    assert result.sum() == result[0, 2, 2] == 1
    assert bench.run(MaskComposite, **inputs, x=9, y=0, operation="add")[0].sum() == 0


def test_a_feather_rises_evenly_from_each_edge(bench: NodeBench) -> None:
    (result,) = bench.run(FeatherMask, mask=torch.ones(1, 1, 6), left=4, right=2)
    assert torch.allclose(result, torch.tensor([[[0.25, 0.5, 0.75, 1, 1, 0.5]]]))


@pytest.mark.parametrize("pixels", [1, 2, 3])
def test_a_point_grows_to_a_diamond_or_a_square(bench: NodeBench, pixels: int) -> None:
    (diamond,) = bench.run(GrowMask, mask=point(9), expand=pixels, tapered_corners=True)
    (square,) = bench.run(GrowMask, mask=point(9), expand=pixels, tapered_corners=False)
    places = (torch.arange(9) - 4).abs()
    assert torch.equal(diamond[0], ((places[:, None] + places) <= pixels).float())
    assert square.sum() == (2 * pixels + 1) ** 2


@pytest.mark.parametrize("tapered", [True, False])
def test_shrinking_takes_back_what_growing_gave(bench: NodeBench, tapered: bool) -> None:
    (grown,) = bench.run(GrowMask, mask=point(9), expand=2, tapered_corners=tapered)
    (shrunk,) = bench.run(GrowMask, mask=grown, expand=-2, tapered_corners=tapered)
    assert torch.equal(shrunk, point(9))


def test_an_edge_neither_grows_nor_shrinks_a_mask(bench: NodeBench) -> None:
    (shrunk,) = bench.run(GrowMask, mask=torch.ones(1, 4, 4), expand=-3, tapered_corners=True)
    assert torch.all(shrunk == 1)


def test_a_mask_grows_no_further_than_the_edges(bench: NodeBench) -> None:
    for tapered in (True, False):
        (result,) = bench.run(GrowMask, mask=point(5), expand=16384, tapered_corners=tapered)
        assert torch.all(result == 1)


def test_a_preview_shows_each_mask(bench: NodeBench) -> None:
    bench.run(MaskPreview, mask=torch.rand(2, 4, 4))
    assert bench.ui is not None
    assert [item["type"] for item in bench.ui["images"]] == ["temp", "temp"]
