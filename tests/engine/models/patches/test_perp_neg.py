import torch
from torch import Tensor

from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.conditions import Condition
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.guidance import ClassifierFree, denoised, said
from hub.engine.models.patches.perp_neg import PerpendicularNegative, perpendicular

X, SIGMA, SCALE = torch.randn(2, 4, 8, 8), torch.tensor(2.0), 6.0
POSITIVE, NEGATIVE, EMPTY = (torch.randn(1, 5, 768) for _ in range(3))


def answer(model: DiffusionModel, negative: Tensor, scale: float) -> Tensor:
    changed = model.clone()
    changed.set_model_sampler_cfg_function(PerpendicularNegative(empty=[[EMPTY, {}]], scale=scale))
    guidance = ClassifierFree(
        positive=[Condition(context=POSITIVE)], negative=[Condition(context=negative)], scale=SCALE
    )
    return denoised(changed, guidance, X, SIGMA).denoised


def test_the_rest_has_nothing_of_the_direction() -> None:
    x, direction = torch.randn(2, 4, 3, 3), torch.randn(2, 4, 3, 3)
    rest = perpendicular(x, direction)
    assert torch.allclose((rest * direction).flatten(1).sum(dim=1), torch.zeros(2), atol=1e-4)
    assert torch.allclose(perpendicular(direction * 2, direction), torch.zeros(()), atol=1e-5)
    assert torch.equal(perpendicular(x, torch.zeros_like(x)), x)


def test_each_of_a_batch_is_led_by_its_own_perpendicular(tiny: Checkpoint) -> None:
    positive, negative, empty = (
        said(tiny.model, [Condition(context=text)], X, SIGMA)
        for text in (POSITIVE, NEGATIVE, EMPTY)
    )
    found = answer(tiny.model, NEGATIVE, 1.5)
    for row in range(2):
        to, away = (positive - empty)[row], (negative - empty)[row]
        away = away - (away * to).sum() / (to * to).sum() * to
        expected = empty[row] + SCALE * (to - 1.5 * away)
        assert torch.allclose(found[row], expected, atol=1e-3)


def test_a_negative_prompt_that_says_the_same_takes_nothing_away(tiny: Checkpoint) -> None:
    same, without = answer(tiny.model, POSITIVE, 1.0), answer(tiny.model, NEGATIVE, 0.0)
    assert torch.allclose(same, without, atol=1e-3)
