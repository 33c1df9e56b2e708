import torch

from hub.nodes.compositing import ImageBatch, ImageCompositeMasked
from hub.nodes.generating import EmptyImage
from hub.nodes.pasting import pasted
from hub.testing.nodes import NodeBench


def test_a_mask_mixes_source_and_destination(bench: NodeBench) -> None:
    destination, source = torch.rand(1, 6, 8, 3), torch.rand(1, 6, 8, 3)
    mask = torch.rand(1, 6, 8)
    (result,) = bench.run(ImageCompositeMasked, destination=destination, source=source, mask=mask)
    share = mask[..., None]
    assert torch.allclose(result, share * source + (1 - share) * destination, atol=1e-6)


def test_without_a_mask_the_source_covers_its_place_only(bench: NodeBench) -> None:
    inputs = {"destination": torch.zeros(1, 6, 8, 3), "source": torch.ones(1, 2, 3, 3)}
    (result,) = bench.run(ImageCompositeMasked, **inputs, x=4, y=1)
    assert torch.all(result[:, 1:3, 4:7] == 1)
    assert result.sum().item() == 2 * 3 * 3
    assert inputs["destination"].sum().item() == 0


def test_what_reaches_beyond_an_edge_is_cut_off() -> None:
    source = torch.arange(1.0, 10.0).view(1, 3, 3, 1)
    zeros = torch.zeros(1, 4, 4, 1)
    assert pasted(zeros, source, 3, 3)[0, 3, 3, 0] == 1
    assert pasted(zeros, source, -2, -2)[0, 0, 0, 0] == 9
    assert pasted(zeros, source, 4, 0).sum() == 0


def test_a_resized_source_covers_everything(bench: NodeBench) -> None:
    (result,) = bench.run(
        ImageCompositeMasked,
        destination=torch.zeros(1, 6, 8, 3),
        source=torch.ones(1, 2, 2, 3),
        resize_source=True,
    )
    assert torch.all(result == 1)


def test_a_mask_of_another_size_is_scaled_to_the_source() -> None:
    mask = torch.tensor([[[0.0, 1.0]]])
    result = pasted(torch.zeros(1, 4, 8, 3), torch.ones(1, 4, 8, 3), 0, 0, mask)
    assert result[0, 0, 0, 0] == 0
    assert result[0, 3, 7, 0] == 1


def test_a_shorter_batch_begins_again() -> None:
    source = torch.tensor([0.25, 0.75]).view(2, 1, 1, 1).repeat(1, 2, 2, 3)
    result = pasted(torch.zeros(3, 2, 2, 3), source, 0, 0)
    assert result[:, 0, 0, 0].tolist() == [0.25, 0.75, 0.25]


def test_a_batch_takes_the_size_of_its_first_image(bench: NodeBench) -> None:
    wide = torch.zeros(1, 4, 12, 3)
    wide[:, :, 4:8] = 1.0
    (both,) = bench.run(ImageBatch, image1=torch.zeros(2, 4, 4, 3), image2=wide)
    assert both.shape == (3, 4, 4, 3)
    assert torch.all(both[2] == 1)


def test_a_missing_alpha_is_opaque_in_a_batch(bench: NodeBench) -> None:
    first, second = torch.zeros(1, 2, 2, 3), torch.zeros(1, 2, 2, 4)
    (both,) = bench.run(ImageBatch, image1=first, image2=second)
    assert both[:, 0, 0, 3].tolist() == [1, 0]


def test_an_empty_image_has_the_colour_of_its_number(bench: NodeBench) -> None:
    (image,) = bench.run(EmptyImage, width=3, height=2, batch_size=4, color=0xFF8000)
    assert image.shape == (4, 2, 3, 3)
    assert torch.allclose(image[3, 1, 2], torch.tensor([255, 128, 0]) / 255)
