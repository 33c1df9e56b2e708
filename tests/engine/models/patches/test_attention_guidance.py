from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.conditions import Condition
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.guidance import ClassifierFree, denoised, said
from hub.engine.models.patches.attention_guidance import (
    PerturbedAttention,
    SelfAttention,
    blurred,
)

X, SIGMA, SCALE = torch.randn(1, 4, 8, 12), torch.tensor(2.0), 6.0
POSITIVE, NEGATIVE = (Condition(context=torch.randn(1, 5, 768)) for _ in range(2))


@pytest.fixture
def model(tiny: Checkpoint) -> DiffusionModel:
    return tiny.model


def answer(model: DiffusionModel, scale: float = SCALE) -> Tensor:
    guidance = ClassifierFree(positive=[POSITIVE], negative=[NEGATIVE], scale=scale)
    return denoised(model, guidance, X, SIGMA).denoised


def corrected(model: DiffusionModel, function: Any) -> DiffusionModel:
    changed = model.clone()
    changed.set_model_sampler_post_cfg_function(function)
    return changed


def near(found: Tensor, expected: Tensor) -> bool:
    return torch.allclose(found, expected, atol=1e-4)


def test_perturbed_attention_leads_away_from_attention_to_oneself(model: DiffusionModel) -> None:
    blind = model.clone()
    blind.set_model_attn1_replace(lambda q, k, v, told: v, "middle", 0)
    sees, is_blind = (said(one, [POSITIVE], X, SIGMA) for one in (model, blind))
    assert not near(sees, is_blind)
    found = answer(corrected(model, PerturbedAttention(3.0)))
    assert near(found, answer(model) + 3.0 * (sees - is_blind))


def test_perturbed_attention_needs_no_negative_prompt(model: DiffusionModel) -> None:
    assert not near(answer(corrected(model, PerturbedAttention(3.0)), 1.0), answer(model, 1.0))


def test_later_patches_count_for_the_perturbed_one_too(model: DiffusionModel) -> None:
    changed = corrected(model, PerturbedAttention(3.0))
    changed.add_patches({"diffusion_model.out.2.weight": [torch.zeros_like]})
    changed.add_patches({"diffusion_model.out.2.bias": [torch.zeros_like]})
    plain = X  # of noise predicted as nothing
    assert near(answer(changed), plain)


@pytest.mark.parametrize("function", [PerturbedAttention(0.0), SelfAttention(scale=0.0, blur=2.0)])
def test_a_scale_of_nothing_changes_nothing(function: Any, model: DiffusionModel) -> None:
    assert torch.equal(answer(corrected(model, function)), answer(model))


def test_self_attention_guidance_blurs_what_is_attended_to_most(model: DiffusionModel) -> None:
    attended: list[Tensor] = []

    def watching(q: Tensor, k: Tensor, v: Tensor, told: dict[str, Any]) -> Tensor:
        heads = told["n_heads"]
        q, k, v = (x.view(1, 24, heads, -1).transpose(1, 2) for x in (q, k, v))
        weights = torch.softmax(q @ k.mT / q.shape[-1] ** 0.5, dim=-1)
        attended.append(weights.mean(dim=1).sum(dim=1).view(1, 1, 4, 6))
        return functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)

    watched = model.clone()
    watched.set_model_attn1_replace(watching, "middle", 0)
    clean = said(watched, [NEGATIVE], X, SIGMA)
    mask = (attended[0] > 1).float().repeat_interleave(2, 2).repeat_interleave(2, 3)
    assert 0 < mask.mean() < 1
    degraded = blurred(clean, 2.0) * mask + clean * (1 - mask)
    other = said(model, [NEGATIVE], X + degraded - clean, SIGMA)
    found = answer(corrected(model, SelfAttention(scale=0.5, blur=2.0)))
    assert near(found, answer(model) + 0.5 * (degraded - other))


def test_latents_too_small_to_be_blurred_are_left_alone(model: DiffusionModel) -> None:
    x = torch.randn(1, 4, 4, 4)
    guidance = ClassifierFree(positive=[POSITIVE], negative=[NEGATIVE], scale=SCALE)
    changed = corrected(model, SelfAttention(scale=0.5, blur=2.0))
    found, expected = (denoised(one, guidance, x, SIGMA).denoised for one in (changed, model))
    assert torch.equal(found, expected)


def test_a_blur_keeps_what_is_even_and_the_mean_of_what_is_not() -> None:
    even = torch.full((1, 2, 12, 12), 3.0)
    point = torch.zeros(1, 2, 12, 12)
    point[..., 6, 6] = 1.0
    assert torch.allclose(blurred(even, 2.0), even)
    spread = blurred(point, 1.0)
    assert float(spread[0, 0].sum()) == pytest.approx(1.0, abs=1e-5)
    ratio = float(spread[0, 0, 6, 7] / spread[0, 0, 6, 6])
    assert ratio == pytest.approx(torch.exp(torch.tensor(-0.5)).item(), abs=1e-5)
    assert blurred(point, 0.0) is point
