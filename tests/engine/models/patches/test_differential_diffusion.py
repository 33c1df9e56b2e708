"""Differential Diffusion: which places may change at which level."""

import torch
from torch import Tensor

from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.level_masks import SampledModel, mask_by_level
from hub.engine.models.patches.differential_diffusion import GradualMask

SHADES = torch.tensor([0.0, 0.25, 0.5, 0.75, 1.0]).reshape(1, 1, 1, 5)


def masks(tiny: Checkpoint, strength: float, timesteps: list[float]) -> Tensor:
    """What counts at each of these timesteps, of a schedule through all of them."""
    sampling = tiny.model.sampling
    sigmas = sampling.sigma(torch.tensor(timesteps))
    told = {"model": SampledModel(sampling), "sigmas": sigmas}
    function = GradualMask(strength)
    return torch.cat([function(sigma.reshape(1), SHADES, extra_options=told) for sigma in sigmas])


def test_a_place_may_change_once_no_more_of_the_way_is_left_than_its_mask_says(
    tiny: Checkpoint,
) -> None:
    found = masks(tiny, 1.0, [800.0, 600.0, 500.0, 401.0, 200.0, 0.0])
    expected = [
        [0, 0, 0, 0, 1],  # all of the way is left
        [0, 0, 0, 1, 1],  # three quarters
        [0, 0, 0, 1, 1],  # five eighths
        [0, 0, 0, 1, 1],  # a bit more than the half
        [0, 1, 1, 1, 1],  # a quarter
        [1, 1, 1, 1, 1],  # nothing
    ]
    assert found.flatten(1).tolist() == expected


def test_with_less_strength_the_mask_counts_as_it_is_too(tiny: Checkpoint) -> None:
    found = masks(tiny, 0.5, [800.0, 300.0])
    assert found[0].flatten().tolist() == [0, 0.125, 0.25, 0.375, 1]
    assert masks(tiny, 0.0, [800.0])[0].flatten().tolist() == SHADES.flatten().tolist()


def test_the_way_of_a_truncated_schedule_ends_at_its_last_level(tiny: Checkpoint) -> None:
    found = masks(tiny, 1.0, [900.0, 700.0, 500.0])
    assert found[1].flatten().tolist() == [0, 0, 1, 1, 1]  # half of the way is left


def test_a_schedule_of_one_level_lets_all_change(tiny: Checkpoint) -> None:
    assert masks(tiny, 1.0, [0.0]).eq(1).all()


def test_without_a_function_a_mask_counts_at_every_level(tiny: Checkpoint) -> None:
    sigmas = torch.tensor([2.0, 0.0])
    assert mask_by_level(tiny.model, SHADES, sigmas)(sigmas[0]) is SHADES
