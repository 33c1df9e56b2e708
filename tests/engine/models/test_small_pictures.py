import pytest
import torch
from torch import Tensor

from hub.engine.models.small_pictures import noise_level, small_picture

SHAPE = torch.Size([1, 4, 64, 64])


def shown(picture: Tensor, noise_augmentation: float = 0.0) -> Tensor:
    options = {"concat_image": picture, "noise_augmentation": noise_augmentation}
    return small_picture(options, SHAPE)


def test_without_noise_the_model_sees_the_picture_itself_at_the_size_of_the_latent() -> None:
    picture = torch.rand(1, 3, 64, 64)
    assert torch.equal(shown(picture), picture)
    assert torch.equal(shown(torch.ones(2, 3, 8, 4)), torch.ones(2, 3, 64, 64))
    assert torch.equal(small_picture({}, SHAPE), torch.zeros(1, 3, 64, 64))


@pytest.mark.parametrize(("part", "level"), [(0.0, 0), (0.1, 35), (0.5, 175), (1.0, 350)])
def test_a_part_of_noise_is_one_of_the_levels_it_was_trained_on(part: float, level: int) -> None:
    assert noise_level({"noise_augmentation": part}) == level


def test_noise_takes_the_place_of_as_much_of_the_picture() -> None:
    """At the highest level, by the product of what each of 351 variances leaves."""
    roots = torch.linspace(0.0001**0.5, 0.02**0.5, 1000, dtype=torch.float64)[:351]
    kept = float((1 - roots**2).prod()) ** 0.5
    noisy, noise = shown(torch.ones(1, 3, 64, 64), 1.0), shown(torch.zeros(1, 3, 64, 64), 1.0)
    assert torch.allclose(noisy - noise, torch.tensor(kept), atol=1e-5)
    assert float(noise.std()) == pytest.approx((1 - kept**2) ** 0.5, rel=0.03)


def test_the_noise_is_the_same_each_time_and_another_for_each_picture_of_a_batch() -> None:
    pictures = torch.zeros(2, 3, 64, 64)
    first, second = shown(pictures, 0.5)
    assert torch.equal(shown(pictures, 0.5)[0], first)
    assert not torch.allclose(first, second)


def test_the_noise_is_not_that_of_a_latent_of_any_usual_seed() -> None:
    noisy = shown(torch.zeros(1, 3, 64, 64), 1.0)
    for seed in range(5):
        draw = torch.Generator().manual_seed(seed)
        latent = torch.randn(1, 4, 64, 64, generator=draw)
        both = torch.stack([noisy.flatten(), latent[:, :3].flatten()])
        assert both.corrcoef()[0, 1].abs() < 0.1
