from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from hub.engine.models.areas import Area
from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.conditions import (
    TextDoesNotFit,
    both_sides,
    conditions_of,
    with_same_areas,
)
from hub.engine.models.denoiser import Denoiser
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.evaluation import Request, evaluated
from hub.engine.models.guidance import ClassifierFree, denoised
from hub.engine.models.seen_pictures import Inpainting, Sees

SHAPE = torch.Size([1, 4, 16, 32])


class Telling(DiffusionModel):
    """Answers each row with the mean of its text, and remembers the calls."""

    calls: list[tuple[int, ...]]

    def apply_model(self, x: Tensor, sigma: Tensor, **inputs: Any) -> Tensor:
        self.calls.append(tuple(x.shape))
        told: Tensor = inputs["c_crossattn"]
        return told.mean(dim=(1, 2))[:, None, None, None].expand(x.shape)


@pytest.fixture
def model(tiny: Checkpoint) -> Telling:
    telling = Telling(tiny.model.model)
    telling.calls = []
    return telling


def entry(value: float, *, tokens: int = 77, **options: Any) -> Sequence[Any]:
    return [torch.full((1, tokens, 768), value), options]


def values(x: Tensor) -> list[float]:
    return sorted(set(x.flatten().tolist()))


def told(
    model: DiffusionModel, *sides: Sequence[Sequence[Any]], sigma: float = 1.0
) -> list[Tensor]:
    conditions = [conditions_of(side, model, SHAPE) for side in sides]
    request = Request(x=torch.zeros(SHAPE), sigma=torch.tensor(sigma), sides=conditions)
    return evaluated(model, [request])[0]


def test_both_sides_share_a_call(model: Telling) -> None:
    positive, negative = told(model, [entry(3.0)], [entry(-1.0)])
    assert model.calls == [(2, 4, 16, 32)]
    assert values(positive) == [3.0]
    assert values(negative) == [-1.0]


@pytest.mark.parametrize(("tokens", "calls"), [(154, 1), (231, 1), (385, 2)])
def test_texts_of_other_lengths_share_it_unless_one_is_repeated_too_often(
    tokens: int, calls: int, model: Telling
) -> None:
    told(model, [entry(1.0, tokens=tokens)], [entry(2.0)])
    assert len(model.calls) == calls


def test_a_default_counts_where_the_others_leave_something(model: Telling) -> None:
    mask = torch.zeros(1, *SHAPE[2:])
    mask[..., :16] = 1.0
    mask[..., 16:24] = 0.25
    (found,) = told(model, [entry(4.0, mask=mask), entry(8.0, default=True)])
    assert values(found[..., :16]) == [4.0]
    assert values(found[..., 16:24]) == [7.0]
    assert values(found[..., 24:]) == [8.0]


def test_a_default_that_is_left_nothing_is_not_asked_for(model: Telling) -> None:
    (found,) = told(model, [entry(4.0), entry(8.0, default=True)])
    assert values(found) == [4.0]
    assert model.calls == [(1, *SHAPE[1:])]


def test_requests_of_several_runs_share_a_call(model: Telling) -> None:
    requests = [
        Request(
            x=torch.zeros(rows, *SHAPE[1:]),
            sigma=torch.tensor(float(rows)),
            sides=[conditions_of([entry(float(rows))], model, SHAPE)],
        )
        for rows in (1, 2)
    ]
    (first,), (second,) = evaluated(model, requests)
    assert model.calls == [(3, 4, 16, 32)]
    assert first.shape[0] == 1
    assert values(first) == [1.0]
    assert second.shape[0] == 2
    assert values(second) == [2.0]


@pytest.mark.parametrize(("others", "calls"), [(1.0, 1), (2.0, 2)])
def test_functions_in_the_network_see_one_level_at_a_time(
    others: float, calls: int, model: Telling
) -> None:
    bound = model.clone()
    bound.calls = []
    bound.set_model_output_block_patch(lambda h, skip, told: (h, skip))
    side = conditions_of([entry(1.0)], model, SHAPE)
    requests = [
        Request(x=torch.zeros(SHAPE), sigma=torch.tensor(sigma), sides=[side])
        for sigma in (1.0, others)
    ]
    evaluated(bound, requests)
    evaluated(model, requests)
    assert len(bound.calls) == calls
    assert len(model.calls) == 1


def test_where_all_do_not_fit_in_memory_each_is_called_by_itself(
    model: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = model.apply_model

    def limited(x: Tensor, sigma: Tensor, **inputs: Any) -> Tensor:
        if len(x) > 1:
            raise torch.OutOfMemoryError
        return call(x, sigma, **inputs)

    monkeypatch.setattr(model, "apply_model", limited)
    positive, negative = told(model, [entry(3.0)], [entry(-1.0)])
    assert (float(positive.mean()), float(negative.mean())) == (3.0, -1.0)


def test_several_prompts_are_averaged_by_their_strength(model: Telling) -> None:
    (found,) = told(model, [entry(1.0), entry(5.0, strength=3.0)])
    assert float(found.mean()) == pytest.approx(4.0)


def test_an_area_is_denoised_by_itself_and_fades_where_it_meets_the_rest(model: Telling) -> None:
    (found,) = told(model, [entry(0.0), entry(1.0, area=(16, 16, 0, 16))])
    assert (1, 4, 16, 16) in model.calls
    row = found[0, 0, 0]
    assert values(row[:16]) == [0.0]
    expected = [weight / (1 + weight) for weight in (0.25, 0.5, 0.75, 1.0)]
    assert row[16:20].tolist() == pytest.approx(expected)
    assert values(row[20:]) == [0.5]


def test_an_area_fades_over_a_quarter_of_its_side_at_most(model: Telling) -> None:
    (found,) = told(model, [entry(0.0), entry(1.0, area=(8, 32, 4, 0))])
    expected = [0, 0, 0, 0, 1 / 3, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1 / 3, 0, 0, 0, 0]
    assert found[0, 0, :, 0].tolist() == pytest.approx(expected)


def test_an_area_may_be_given_in_parts_of_the_picture(model: Telling) -> None:
    (one,) = conditions_of([entry(1.0, area=("percentage", 0.5, 0.25, 0.5, 0.75))], model, SHAPE)
    assert one.area == Area(8, 8, 8, 24)


def test_an_area_that_leads_out_is_cut(model: Telling) -> None:
    (one,) = conditions_of([entry(1.0, area=(64, 64, 8, 8))], model, SHAPE)
    assert one.area == Area(8, 24, 8, 8)


def test_a_mask_says_where_a_prompt_counts(model: Telling) -> None:
    mask = torch.zeros(1, 128, 256)
    mask[:, :, 128:] = 1.0
    (found,) = told(model, [entry(1.0), entry(3.0, mask=mask, mask_strength=2.0)])
    assert found[0, 0, 0, 0] == pytest.approx(1.0)
    assert found[0, 0, 0, -1] == pytest.approx((1 + 2 * 3) / 3)


def test_a_mask_may_bound_the_area(model: Telling) -> None:
    mask = torch.zeros(16, 32)
    mask[2:14, 4:6] = 1.0
    one_entry = entry(1.0, mask=mask, set_area_to_bounds=True)
    (one,) = conditions_of([one_entry], model, SHAPE)
    assert one.area == Area(12, 8, 2, 4)


@pytest.mark.parametrize(("sigma", "expected"), [(14.0, [0.0]), (1.6, [2.0]), (0.1, [0.0])])
def test_a_prompt_counts_between_its_percentages(
    sigma: float, expected: list[float], model: Telling
) -> None:
    (found,) = told(model, [entry(2.0, start_percent=0.3, end_percent=0.7)], sigma=sigma)
    assert values(found) == expected


def test_the_other_side_gets_the_same_areas(model: Telling) -> None:
    positive = conditions_of([entry(1.0, area=(8, 8, 0, 0), strength=2.0)], model, SHAPE)
    negative = conditions_of([entry(-1.0)], model, SHAPE)
    whole, part = with_same_areas(negative, positive)
    assert whole.area is None
    assert (part.area, part.strength) == (Area(8, 8, 0, 0), 2.0)
    assert torch.equal(part.context, negative[0].context)
    assert len(with_same_areas([part], positive)) == 1


def test_guidance_leads_from_negative_to_positive(model: Telling) -> None:
    guidance = guided(model, scale=7.0)
    found, unguided = denoised(model, guidance, torch.zeros(SHAPE), torch.tensor(1.0))
    assert float(found.mean()) == pytest.approx(-1 + 7 * 4)
    assert unguided is not None
    assert float(unguided.mean()) == -1.0


@pytest.mark.parametrize(("both", "rows"), [(False, 1), (True, 2)])
def test_at_a_scale_of_one_the_negative_is_asked_only_if_it_is_wanted(
    both: bool, rows: int, model: Telling
) -> None:
    guidance = guided(model, scale=1.0)
    found, unguided = denoised(model, guidance, torch.zeros(SHAPE), torch.tensor(1.0), both=both)
    assert model.calls[0][0] == rows
    assert float(found.mean()) == 3.0
    assert (unguided is not None) == both


def test_functions_of_nodes_change_what_guidance_does(model: Telling) -> None:
    changed = model.clone()
    changed.calls = []
    changed.set_model_sampler_cfg_function(lambda told: told["input"] - told["cond_denoised"] * 2)
    changed.set_model_sampler_post_cfg_function(lambda told: told["denoised"] + 1)
    changed.set_model_sampler_pre_cfg_function(
        lambda told: [side * 10 for side in told["conds_out"]]
    )
    changed.set_model_unet_function_wrapper(
        lambda apply, told: apply(told["input"], told["timestep"], **told["c"]) + 0.5
    )
    guidance = guided(model, scale=7.0)
    found, _ = denoised(changed, guidance, torch.zeros(SHAPE), torch.tensor(1.0))
    assert float(found.mean()) == pytest.approx((3 + 0.5) * 10 * 2 + 1)
    assert model.model_options == {"transformer_options": {}}


def test_an_inpainting_model_sees_a_grey_picture_where_none_is_given(tiny: Checkpoint) -> None:
    model = inpainting(tiny)
    (one,) = conditions_of([entry(1.0)], model, SHAPE)
    assert one.concat is not None
    assert one.concat[0, :, 0, 0].tolist() == pytest.approx([1, 0.8223, -0.6876, 0.6364, 0.1380])


def test_an_inpainting_model_sees_mask_and_latent(tiny: Checkpoint) -> None:
    model = inpainting(tiny)
    mask = torch.zeros(1, 1, 16, 32)
    mask[..., 16:] = 0.9
    given: dict[str, Any] = {"concat_latent_image": torch.ones(1, 4, 16, 32), "concat_mask": mask}
    during = Inpainting(torch.full(SHAPE, 5.0), mask)
    told_by_node, told_by_latent = (
        conditions_of([entry(1.0, **options)], model, SHAPE, inpainting=during)[0].concat
        for options in (given, dict[str, Any]())
    )
    assert told_by_node is not None
    assert told_by_latent is not None
    assert told_by_node[0, 0, 0, 15:17].tolist() == [0, 1]
    assert told_by_node[0, 1, 0, 0] == pytest.approx(0.18215)
    assert told_by_latent[0, 1, 0, 0] == 5.0


def test_a_prompt_of_another_model_is_refused(model: Telling) -> None:
    wide = [torch.ones(1, 77, 2048), {}]
    with pytest.raises(TextDoesNotFit, match="width 2048, and Stable Diffusion 1 wants 768"):
        conditions_of([wide], model, SHAPE)


def test_each_side_gets_the_areas_of_the_other(model: Telling) -> None:
    part, whole = entry(1.0, area=(8, 8, 0, 0)), entry(2.0)
    positive, negative = both_sides([part], [whole], model, SHAPE)
    assert [one.area for one in positive] == [Area(8, 8, 0, 0)]
    assert [one.area for one in negative] == [None, Area(8, 8, 0, 0)]


def guided(model: DiffusionModel, scale: float) -> ClassifierFree:
    positive, negative = (conditions_of([entry(v)], model, SHAPE) for v in (3.0, -1.0))
    return ClassifierFree(positive=positive, negative=negative, scale=scale)


def inpainting(tiny: Checkpoint) -> DiffusionModel:
    denoiser = tiny.model.model
    return DiffusionModel(Denoiser(denoiser.weights, replace(denoiser.facts, sees=Sees.MASKED)))
