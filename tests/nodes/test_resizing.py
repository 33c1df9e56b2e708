import pytest
import torch
from torch import Tensor

from hub.nodes.batches import BatchImagesNode, BatchMasksNode
from hub.nodes.resizing import ResizeImageMaskNode
from hub.testing.nodes import NodeBench


def resized(bench: NodeBench, image: Tensor, way: str, **told: object) -> Tensor:
    (given,) = bench.run(
        ResizeImageMaskNode,
        input=image,
        resize_type={"resize_type": way, **told},
        scale_method="area",
    )
    assert isinstance(given, Tensor)
    return given


@pytest.mark.parametrize(
    ("way", "told", "size"),
    [
        ("scale by multiplier", {"multiplier": 0.5}, (2, 4)),
        ("scale dimensions", {"width": 6, "height": 0, "crop": "disabled"}, (3, 6)),
        ("scale dimensions", {"width": 2, "height": 2, "crop": "center"}, (2, 2)),
        ("scale longer dimension", {"longer_size": 4}, (2, 4)),
        ("scale shorter dimension", {"shorter_size": 8}, (8, 16)),
        ("scale width", {"width": 2}, (1, 2)),
        ("scale height", {"height": 2}, (2, 4)),
        ("scale height", {"height": 0}, (4, 8)),
        ("scale total pixels", {"megapixels": 2 / 1024**2}, (1, 2)),
        ("match size", {"match": torch.ones(1, 5, 7), "crop": "disabled"}, (5, 7)),
        ("match size", {"match": torch.ones(1, 5, 7, 3), "crop": "disabled"}, (5, 7)),
    ],
)
def test_each_way_leads_to_its_size(
    bench: NodeBench, way: str, told: dict[str, object], size: tuple[int, int]
) -> None:
    assert resized(bench, torch.rand(2, 4, 8, 3), way, **told).shape == (2, *size, 3)
    assert resized(bench, torch.rand(2, 4, 8), way, **told).shape == (2, *size)


def test_without_cropping_the_ratio_changes_and_with_it_the_sides_are_lost(
    bench: NodeBench,
) -> None:
    image = torch.zeros(1, 2, 4, 3)
    image[:, :, 1:3] = 1.0
    size = {"width": 2, "height": 2}
    assert resized(bench, image, "scale dimensions", crop="disabled", **size).mean() == 0.5
    assert resized(bench, image, "scale dimensions", crop="center", **size).mean() == 1.0


def test_batches_are_joined_in_their_order_at_the_size_of_the_first(bench: NodeBench) -> None:
    first, second = torch.zeros(1, 4, 8, 3), torch.ones(2, 6, 6, 4)
    (images,) = bench.run(BatchImagesNode, images={"image0": first, "image1": second})
    assert images.shape == (3, 4, 8, 4)
    assert images.mean(dim=(1, 2)).tolist() == [[0, 0, 0, 1], [1] * 4, [1] * 4]


def test_masks_are_joined_alike(bench: NodeBench) -> None:
    masks = {"mask0": torch.zeros(4, 8), "mask1": torch.ones(2, 6, 6), "mask2": torch.ones(1, 4, 8)}
    (joined,) = bench.run(BatchMasksNode, masks=masks)
    assert joined.shape == (4, 4, 8)
    assert joined.mean(dim=(1, 2)).tolist() == [0, 1, 1, 1]
