from typing import Any

import torch
from torch import Tensor

from hub.engine.models.patches.guidance_corrections import (
    epsilon_scaled,
    normed,
    renormed,
    rescaled,
    tangentially_damped,
    temporally_rescaled,
    zero_star,
)

SHAPE = (2, 4, 6, 8)
SIGMA, SCALE = torch.tensor(3.0), 7.0


def told(**changed: Any) -> dict[str, Any]:
    draw = torch.Generator().manual_seed(0)
    clean, negative, noise = (torch.randn(SHAPE, generator=draw) for _ in range(3))
    positive = negative + 0.3 * clean
    facts = {
        "input": clean + SIGMA * noise,
        "sigma": SIGMA,
        "cond_scale": SCALE,
        "cond_denoised": positive,
        "uncond_denoised": negative,
        "denoised": negative + (positive - negative) * SCALE,
        "conds_out": [positive, negative],
    }
    return facts | changed


def guided(correction: Any, facts: dict[str, Any]) -> Tensor:
    """What comes of a function that guides."""
    found: Tensor = facts["input"] - correction(facts)
    return found


def near(found: Tensor, expected: Tensor) -> bool:
    return torch.allclose(found, expected, atol=1e-4)


def velocity(facts: dict[str, Any], latent: Tensor) -> Tensor:
    """v = α · noise − σ · latent, of a variance-preserving model."""
    alpha = 1 / (1 + SIGMA**2) ** 0.5
    noise = (facts["input"] - latent) / SIGMA
    found: Tensor = alpha * noise - alpha * SIGMA * latent
    return found


def test_rescaling_by_nothing_is_plain_guidance() -> None:
    facts = told()
    assert near(guided(rescaled(0.0), facts), facts["denoised"])


def test_rescaled_in_full_the_spread_is_that_of_the_positive_velocity() -> None:
    facts = told()
    found = velocity(facts, guided(rescaled(1.0), facts))
    expected, plain = (velocity(facts, facts[name]) for name in ("cond_denoised", "denoised"))
    assert near(found.std(dim=(1, 2, 3)), expected.std(dim=(1, 2, 3)))
    assert near(found / found.std(dim=(1, 2, 3), keepdim=True),
                plain / plain.std(dim=(1, 2, 3), keepdim=True))  # fmt: skip


def test_zero_star_guides_from_the_nearest_multiple_of_the_negative_noise() -> None:
    facts = told()
    positive, negative = (
        facts["input"] - facts[name] for name in ("cond_denoised", "uncond_denoised")
    )
    for row in range(SHAPE[0]):
        best = torch.linalg.lstsq(negative[row].reshape(-1, 1), positive[row].reshape(-1, 1))
        start = negative[row] * best.solution
        expected = facts["input"][row] - (start + SCALE * (positive[row] - start))
        assert near(zero_star(facts)[row], expected)


def test_zero_star_leaves_unguided_latents_and_equal_prompts_alone() -> None:
    alone = told(uncond_denoised=None)
    assert zero_star(alone) is alone["denoised"]
    positive = told()["cond_denoised"]
    same = told(uncond_denoised=positive, denoised=positive)
    assert near(zero_star(same), positive)


def test_of_parallel_predictions_damping_leaves_both_as_they_are() -> None:
    facts = told()
    x, positive = facts["input"], facts["cond_denoised"]
    negative = x - 0.4 * (x - positive)
    found = tangentially_damped(told(conds_out=[positive, negative]))
    assert torch.equal(found[0], positive)
    assert near(found[1], negative)


def test_a_damped_negative_prediction_lies_in_the_plane_of_both_and_is_shorter() -> None:
    facts = told()
    x = facts["input"]
    positive, damped = (x - side for side in tangentially_damped(facts))
    negative = x - facts["uncond_denoised"]
    assert (damped.flatten(1).norm(dim=1) < negative.flatten(1).norm(dim=1)).all()
    for row in range(SHAPE[0]):
        plane = torch.stack([positive[row].flatten(), negative[row].flatten()], dim=1)
        weights = torch.linalg.lstsq(plane, damped[row].flatten()[:, None]).solution
        assert near(plane @ weights, damped[row].flatten()[:, None])


def test_a_side_alone_is_not_damped() -> None:
    facts = told(conds_out=[torch.ones(SHAPE)])
    assert tangentially_damped(facts) == facts["conds_out"]


def test_no_place_gets_larger_than_by_the_positive_prompt() -> None:
    facts = told()
    found = normed(1.0)(facts)
    limit = facts["cond_denoised"].norm(dim=1)
    assert (found.norm(dim=1) <= limit + 1e-4).all()
    small = told(denoised=facts["cond_denoised"] * 0.5)
    assert near(normed(2.0)(small), facts["cond_denoised"])


def test_the_whole_latent_gets_as_large_as_allowed_at_most() -> None:
    facts = told()
    found, limit = (
        latent.flatten(1).norm(dim=1)
        for latent in (guided(renormed(100.0, 1.5), facts), facts["cond_denoised"])
    )
    assert near(found, 1.5 * limit)
    assert near(guided(renormed(100.0, 0.0), facts), facts["denoised"])
    assert near(guided(renormed(1.0, 1.0), facts), facts["cond_denoised"])


def test_scaled_noise_is_divided() -> None:
    facts = told()
    found = epsilon_scaled(1.25)(facts)
    noise = facts["input"] - facts["denoised"]
    assert near(facts["input"] - found, noise / 1.25)
    assert near(epsilon_scaled(1.0)(facts), facts["denoised"])


def test_rescaling_the_score_gives_the_ideal_denoiser_of_data_that_spread_less() -> None:
    """Of Gaussian data with deviation s, the clean latent behind x is x · s² / (s² + sigma²)."""
    x, s, k = told()["input"], 1.7, 3.0
    ideal, narrow = (x * v / (v + SIGMA**2) for v in (s**2, s**2 / k))
    assert near(temporally_rescaled(k, s)(told(denoised=ideal)), narrow)
    assert near(temporally_rescaled(1.0, s)(told(denoised=ideal)), ideal)
