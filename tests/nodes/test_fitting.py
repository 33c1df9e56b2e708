import pytest
import torch

from hub.nodes.fitting import ImageFit
from hub.testing.nodes import NodeBench


@pytest.mark.parametrize(("height", "width"), [(300, 200), (200, 300)])
def test_the_longer_side_gets_the_wanted_length(bench: NodeBench, height: int, width: int) -> None:
    image, mask = bench.run(ImageFit, image=torch.rand(1, height, width, 3), longest_side=150)
    assert image.shape == (1, height // 2, width // 2, 3)
    assert mask.shape == (1, height // 2, width // 2)
    assert not mask.any()


def test_a_small_image_stays_as_it_is_unless_it_may_grow(bench: NodeBench) -> None:
    small = torch.rand(1, 10, 20, 3)
    image, _ = bench.run(ImageFit, image=small, longest_side=40)
    assert image is small
    image, _ = bench.run(ImageFit, image=small, longest_side=40, enlarge=True)
    assert image.shape == (1, 20, 40, 3)


def test_the_mask_goes_along(bench: NodeBench) -> None:
    mask = torch.zeros(1, 40, 80)
    mask[:, :, 40:] = 1.0
    _, fitted = bench.run(
        ImageFit, image=torch.rand(1, 40, 80, 3), mask=mask, longest_side=20, method="area"
    )
    assert fitted.shape == (1, 10, 20)
    assert fitted[0, 5].tolist() == [0.0] * 10 + [1.0] * 10


def test_a_mask_of_another_size_is_brought_to_the_images(bench: NodeBench) -> None:
    _, mask = bench.run(ImageFit, image=torch.rand(1, 9, 5, 3), mask=torch.ones(1, 64, 64))
    assert torch.equal(mask, torch.ones(1, 9, 5))


def test_a_thin_image_keeps_at_least_one_pixel(bench: NodeBench) -> None:
    image, _ = bench.run(ImageFit, image=torch.rand(1, 1, 400, 3), longest_side=10)
    assert image.shape == (1, 1, 10, 3)
