from typing import Any

import pytest
import torch
from torch import Tensor

from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.layers import attention

X, SIGMA, TEXT = torch.randn(1, 4, 8, 8), torch.tensor([2.0]), torch.randn(1, 5, 768)


def answer(model: DiffusionModel) -> Tensor:
    return model.call(X, SIGMA, {"c_crossattn": TEXT}, [0])


@pytest.fixture
def model(tiny: Checkpoint) -> DiffusionModel:
    return tiny.model


def test_functions_see_each_place_and_change_nothing_by_themselves(model: DiffusionModel) -> None:
    seen: list[tuple[Any, ...]] = []

    def looking(n: Tensor, context: Tensor, values: Tensor, told: dict[str, Any]) -> Any:
        seen.append((*told["block"], told["block_index"], told["n_heads"] * told["dim_head"]))
        assert told["cond_or_uncond"] == [0]
        return n, context, values

    changed = model.clone()
    changed.set_model_attn2_patch(looking)
    assert torch.equal(answer(changed), answer(model))
    assert seen[:2] == [("input", 1, 0, 32), ("input", 3, 0, 64)]
    assert ("middle", 0, 0, 64) in seen
    assert seen[-1] == ("output", 3, 0, 32)


@pytest.mark.parametrize("kind", ["attn1", "attn2"])
def test_what_attends_or_comes_of_it_can_be_changed(kind: str, model: DiffusionModel) -> None:
    entering, leaving = model.clone(), model.clone()
    entering.set_model_patch(lambda n, c, v, told: (n, c, v * 2), f"{kind}_patch")
    leaving.set_model_patch(lambda mixed, told: mixed * 0, f"{kind}_output_patch")
    answers = [answer(one) for one in (model, entering, leaving)]
    assert not torch.allclose(answers[0], answers[1])
    assert not torch.allclose(answers[0], answers[2])


@pytest.mark.parametrize(("transformer", "is_reached"), [(None, True), (0, True), (1, False)])
def test_attention_of_one_place_is_replaced(
    transformer: int | None, is_reached: bool, model: DiffusionModel
) -> None:
    calls = []

    def same(q: Tensor, k: Tensor, v: Tensor, told: dict[str, Any]) -> Tensor:
        calls.append(told["block"])
        return attention(q, k, v, told["n_heads"])

    changed = model.clone()
    changed.set_model_attn1_replace(same, "output", 2, transformer)
    assert torch.equal(answer(changed), answer(model))
    assert calls == ([("output", 2)] if is_reached else [])


def test_what_the_stages_hand_on_can_be_changed(model: DiffusionModel) -> None:
    down, up = model.clone(), model.clone()
    down.set_model_input_block_patch(lambda h, told: h * (2 if told["block"][1] == 1 else 1))
    up.set_model_output_block_patch(lambda h, skip, told: (h, skip * 0))
    answers = [answer(one) for one in (model, down, up)]
    assert not torch.allclose(answers[0], answers[1])
    assert not torch.allclose(answers[0], answers[2])


def test_copies_do_not_share_their_functions(model: DiffusionModel) -> None:
    first = model.clone()
    first.set_model_attn1_patch(lambda n, c, v, told: (n * 0, c, v))
    second = first.clone()
    second.set_model_attn1_patch(lambda n, c, v, told: (n, c, v * 0))
    assert len(first.model_options["transformer_options"]["patches"]["attn1_patch"]) == 1
    assert model.model_options == {"transformer_options": {}}


def test_models_that_compute_the_same_may_share_calls(model: DiffusionModel) -> None:
    patched, optioned = model.clone(), model.clone()
    name = "diffusion_model.out.2.bias"
    assert patched.add_patches({name: [lambda bias: bias + 1], "unknown": []}) == [name]
    optioned.set_model_unet_function_wrapper(lambda apply, told: told["input"])
    assert model.clone().batch_key == model.batch_key
    assert patched.batch_key != model.batch_key
    assert optioned.batch_key != model.batch_key
    assert not torch.allclose(answer(patched), answer(model))


def test_how_it_is_sampled_can_be_exchanged(model: DiffusionModel) -> None:
    changed = model.clone()
    changed.add_object_patch("model_sampling", "another")
    assert changed.get_model_object("model_sampling") == "another"
    assert model.get_model_object("model_sampling") is model.model.model_sampling
    assert changed.get_model_object("latent_format") is model.latent_format


def test_all_functions_around_one_attention_share_a_note(model: DiffusionModel) -> None:
    found = []

    def entering(n: Tensor, context: Tensor, values: Tensor, told: dict[str, Any]) -> Any:
        told["note"] = told["block"]
        return n, context, values

    def leaving(mixed: Tensor, told: dict[str, Any]) -> Tensor:
        found.append(told["note"] == told["block"])
        return mixed

    changed = model.clone()
    changed.set_model_attn1_patch(entering)
    changed.set_model_attn1_output_patch(leaving)
    answer(changed)
    assert found
    assert all(found)


def test_functions_are_told_the_size_of_the_latent_and_of_the_picture_there(
    model: DiffusionModel,
) -> None:
    shapes = []

    def looking(mixed: Tensor, told: dict[str, Any]) -> Tensor:
        assert tuple(told["original_shape"]) == (1, 4, 8, 8)
        shapes.append(tuple(told["activations_shape"]))
        return mixed

    changed = model.clone()
    changed.set_model_attn1_output_patch(looking)
    answer(changed)
    assert shapes[:2] == [(1, 32, 8, 8), (1, 64, 4, 4)]


def test_what_goes_on_down_can_differ_from_what_goes_across(model: DiffusionModel) -> None:
    across = []

    def looking(h: Tensor, skip: Tensor, told: dict[str, Any]) -> tuple[Tensor, Tensor]:
        across.append(bool(skip.any()))
        return h, skip

    changed = model.clone()
    changed.set_model_input_block_patch_after_skip(lambda h, told: h * 0)
    changed.set_model_output_block_patch(looking)
    assert not torch.allclose(answer(changed), answer(model))
    assert all(across)


def test_functions_in_the_network_bind_a_model_to_one_level(model: DiffusionModel) -> None:
    patched, wrapped, guided = (model.clone() for _ in range(3))
    patched.set_model_output_block_patch(lambda h, skip, told: (h, skip))
    wrapped.set_model_unet_function_wrapper(lambda apply, told: told["input"])
    guided.set_model_sampler_post_cfg_function(lambda told: told["denoised"])
    bound = [one.is_bound_to_a_level for one in (model, patched, wrapped, guided)]
    assert bound == [False, True, True, False]
