import pytest
import torch

from hub.errors import Invalid
from hub.nodes.batches import ImageFromBatch, RebatchImages, RepeatImageBatch
from hub.nodes.dataset_lists import (
    ImageDeduplication,
    ImageGrid,
    MergeImageLists,
    ShuffleDataset,
    ShuffleImageTextDataset,
)
from hub.testing.nodes import NodeBench


def numbered(count: int, side: int = 2) -> torch.Tensor:
    return torch.arange(float(count)).view(count, 1, 1, 1).repeat(1, side, side, 3)


def test_images_are_put_into_batches_of_one_size(bench: NodeBench) -> None:
    images = [numbered(3), numbered(2), numbered(3, side=4)]
    (batches,) = bench.run(RebatchImages, images=images, batch_size=[2])
    assert [batch.shape[:2] for batch in batches] == [(2, 2), (2, 2), (1, 2), (2, 4), (1, 4)]
    assert [one.mean().item() for batch in batches for one in batch] == [0, 1, 2, 0, 1, 0, 1, 2]


def test_a_batch_is_put_behind_itself(bench: NodeBench) -> None:
    (result,) = bench.run(RepeatImageBatch, image=numbered(2), amount=3)
    assert result[:, 0, 0, 0].tolist() == [0, 1] * 3


@pytest.mark.parametrize(
    ("first", "length", "expected"), [(1, 2, [1, 2]), (3, 9, [3, 4]), (99, 5, [4])]
)
def test_images_are_taken_out_of_a_batch(
    bench: NodeBench, first: int, length: int, expected: list[int]
) -> None:
    (result,) = bench.run(ImageFromBatch, image=numbered(5), batch_index=first, length=length)
    assert result[:, 0, 0, 0].tolist() == expected


def test_a_seed_gives_one_order_with_all_images(bench: NodeBench) -> None:
    images = list(torch.split(numbered(20), 1))
    orders = [
        [one.mean().item() for one in bench.run(ShuffleDataset, images=images, seed=[seed])[0]]
        for seed in (7, 7, 8)
    ]
    assert orders[0] == orders[1] != orders[2]
    assert sorted(orders[2]) == list(range(20))


def test_texts_stay_with_their_images(bench: NodeBench) -> None:
    images, texts = list(torch.split(numbered(9), 1)), list(map(str, range(9)))
    found, named = bench.run(ShuffleImageTextDataset, images=images, texts=texts, seed=[3])
    assert [str(int(one.mean())) for one in found] == named != texts
    with pytest.raises(Invalid, match="9 images and 8 texts"):
        bench.run(ShuffleImageTextDataset, images=images, texts=texts[:8], seed=[3])


def test_lists_are_merged(bench: NodeBench) -> None:
    images = list(torch.split(numbered(3), 1))
    assert bench.run(MergeImageLists, images=images) == (images,)


def test_an_image_that_was_there_before_is_left_out_at_any_size(bench: NodeBench) -> None:
    rising = torch.linspace(0, 1, 64).view(1, 1, 64, 1).repeat(1, 64, 1, 3)
    images = [torch.cat([rising, rising.flip(2)]), rising[:, ::2, ::2] * 0.9]
    (kept,) = bench.run(ImageDeduplication, images=images, similarity_threshold=[0.95])
    assert torch.equal(torch.cat(kept), images[0])


def test_a_grid_has_a_cell_for_each_image_on_black(bench: NodeBench) -> None:
    images = [torch.ones(3, 40, 40, 3)]
    inputs = {"columns": [2], "cell_width": [32], "cell_height": [48], "padding": [4]}
    (grid,) = bench.run(ImageGrid, images=images, **inputs)
    assert grid.shape == (1, 48 * 2 + 4, 32 * 2 + 4, 3)
    assert grid[..., 0].sum() == 3 * 32 * 48
    assert grid[0, 60, 40:].sum() == 0
    (single,) = bench.run(ImageGrid, images=[images[0][:1]], **inputs)
    assert single.shape == (1, 48, 32, 3)
