from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from hub.engine.models.adapter_file import AdapterFile
from hub.engine.models.adapters import AdapterChange, AdapterDoesNotFit, adapted
from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.conditions import Condition, conditions_of
from hub.engine.models.diffusion_model import PREFIX, DiffusionModel
from hub.engine.models.evaluation import Request, evaluated
from hub.engine.models.fingerprint import fingerprint
from hub.engine.models.guiders import BasicGuider
from hub.engine.models.hooks import Hook, Hooks, Keyframe, UnknownHooks, hooked_text
from hub.engine.models.merging import ModelChange
from hub.engine.models.sampling_run import NoiseSource, NoNoise, SamplingRun, SeededNoise
from hub.engine.sampling.samplers.euler import euler
from hub.engine.sampling.schedules import normal
from tests.engine.models.adapter_files import kohya, saved
from tests.engine.models.test_sampling_run import driven

KEYS = "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k"
MLP = "lora_te_text_model_encoder_layers_1_mlp_fc1"
X, TEXT = torch.randn(1, 4, 8, 8), torch.randn(1, 77, 768)
SHAPE = X.shape


@pytest.fixture
def adapter(tmp_path: Path) -> AdapterFile:
    return saved(tmp_path, kohya(KEYS, 64, 768) | kohya(MLP, 64, 768))


@pytest.fixture
def hook(adapter: AdapterFile) -> Hook:
    return Hook(change=AdapterChange(adapter), strength=0.8, text_strength=0.5)


def condition(model: DiffusionModel, hooks: object = None, **options: Any) -> Condition:
    (ready,) = conditions_of([[TEXT, {"hooks": hooks, **options}]], model, SHAPE)
    return ready


def said(model: DiffusionModel, *conditions: Condition, sigma: float = 2.0) -> list[Tensor]:
    sides = [[one] for one in conditions]
    (answers,) = evaluated(model, [Request(x=X, sigma=torch.tensor(sigma), sides=sides)])
    return answers


def sampled(
    model: DiffusionModel,
    noise: NoiseSource,
    sigmas: Tensor,
    hooks: Hooks = (),
    latent: Tensor | None = None,
) -> Tensor:
    run = SamplingRun(
        guider=BasicGuider(model=model, positive=[[TEXT, {"hooks": hooks}]]),
        method=euler,
        sigmas=sigmas,
        latent={"samples": torch.zeros(SHAPE) if latent is None else latent},
        noise=noise,
        seed=0,
    )
    return run.sampled(driven(run.task(lambda *_: None)))


def doubled(weight: Tensor) -> Tensor:
    return weight * 2


def test_a_hook_changes_the_model_for_its_own_conditioning_alone(
    tiny: Checkpoint, adapter: AdapterFile, hook: Hook
) -> None:
    changed, _ = adapted(adapter, tiny.model, None, 0.8, 0.0)
    hooked, plain = condition(tiny.model, (hook,)), condition(tiny.model)
    expected = [*said(changed, plain), *said(tiny.model, plain)]
    assert not torch.equal(*expected)
    for _ in range(2):  # the weights come back as they were
        for found, wanted in zip(said(tiny.model, hooked, plain), expected, strict=True):
            assert torch.equal(found, wanted)


def test_conditionings_with_the_same_hooks_share_a_call(tiny: Checkpoint, hook: Hook) -> None:
    hooked = [condition(tiny.model, (hook,)) for _ in range(2)]
    calls = []

    def counted(apply: Callable[..., Tensor], told: dict[str, Any]) -> Tensor:
        calls.append(len(told["input"]))
        return apply(told["input"], told["timestep"], **told["c"])

    counting = tiny.model.clone()
    counting.set_model_unet_function_wrapper(counted)
    said(counting, *hooked)
    said(counting, hooked[0], condition(tiny.model))
    assert calls == [2, 1, 1]


def test_keyframes_say_how_much_it_counts_at_a_level(tiny: Checkpoint, hook: Hook) -> None:
    frames = (Keyframe(start=0.2, strength=0.0), Keyframe(start=0.5, strength=0.25))
    ready = condition(tiny.model, (replace(hook, keyframes=frames),)).hooks
    assert ready
    half = tiny.model.sampling.levels.percent_to_sigma(0.5)
    assert ready.key(14.0) == ready.key(half + 0.01) == ()
    assert ready.key(half) == ((id(ready.hooks[0].hook), pytest.approx(0.2)),)


def test_keyframes_take_over_at_their_step(
    tiny: Checkpoint, adapter: AdapterFile, hook: Hook
) -> None:
    levels = tiny.model.sampling.levels
    sigmas = normal(levels, 3)
    frames = (Keyframe(start=0.0, strength=1.0), Keyframe(start=0.3, strength=0.0))
    assert sigmas[0] > levels.percent_to_sigma(0.3) > sigmas[1]
    hooks = (replace(hook, strength=50.0, keyframes=frames),)
    changed, _ = adapted(adapter, tiny.model, None, 50.0, 0.0)
    found = sampled(tiny.model, SeededNoise(1), sigmas, hooks)
    begun = sampled(changed, SeededNoise(1), sigmas[:2])
    expected = sampled(tiny.model, NoNoise(), sigmas[1:], latent=begun)
    assert torch.allclose(found, expected, atol=1e-4)
    assert not torch.allclose(found, sampled(changed, SeededNoise(1), sigmas), atol=1e-2)


def test_another_model_takes_the_place_of_this_one(tiny: Checkpoint) -> None:
    assert tiny.text
    other, other_text = tiny.model.clone(), tiny.text.clone()
    other.add_patches({f"{PREFIX}out.2.weight": [doubled]})
    other_text.add_patches({"clip_l.text_model.final_layer_norm.weight": [doubled]})
    hook = Hook(change=ModelChange(other, other_text), strength=1.0, text_strength=1.0)
    (found,) = said(tiny.model, condition(tiny.model, (hook,)))
    assert torch.equal(found, *said(other, condition(other)))
    text = hooked_text(tiny.text, (hook,), tells=True, is_scheduled=False)
    assert torch.equal(text.encode("a cat"), other_text.encode("a cat"))
    assert not torch.equal(text.encode("a cat"), tiny.text.encode("a cat"))


def test_texts_are_encoded_at_full_strength_and_carry_the_hooks(
    tiny: Checkpoint, adapter: AdapterFile, hook: Hook
) -> None:
    assert tiny.text
    frames = (Keyframe(start=0.0, strength=0.0),)
    hooks = (replace(hook, keyframes=frames),)
    text = hooked_text(tiny.text, hooks, tells=True, is_scheduled=False)
    ((told, options),) = text.encode_from_tokens_scheduled(text.tokenize("a cat"))
    _, changed = adapted(adapter, None, tiny.text, 0.0, 0.5)
    assert changed
    assert torch.equal(told, changed.encode("a cat"))
    assert not torch.equal(told, tiny.text.encode("a cat"))
    assert options["hooks"] is hooks


def test_a_schedule_makes_an_entry_for_each_part_of_the_sampling(
    tiny: Checkpoint, hook: Hook
) -> None:
    assert tiny.text
    frames = (Keyframe(start=0.0, strength=0.0), Keyframe(start=0.4, strength=1.0))
    hooks = (replace(hook, keyframes=frames),)
    text = hooked_text(tiny.text, hooks, tells=False, is_scheduled=True)
    entries = text.encode_from_tokens_scheduled(text.tokenize("a cat"))
    assert torch.equal(entries[0][0], tiny.text.encode("a cat"))
    assert not torch.equal(entries[1][0], entries[0][0])
    assert not any("hooks" in options for _, options in entries)
    first, second = conditions_of(entries, tiny.model, SHAPE)
    border = tiny.model.sampling.levels.percent_to_sigma(0.4)
    assert (first.end, second.start, second.end) == (border, border, 0.0)


@pytest.mark.parametrize("given", [object(), ["lora"], ("lora",)])
def test_hooks_of_another_make_are_refused(given: object, tiny: Checkpoint) -> None:
    with pytest.raises(UnknownHooks, match="such as CreateHookLora"):
        condition(tiny.model, given)


def test_an_adapter_for_another_model_is_refused(tiny: Checkpoint, tmp_path: Path) -> None:
    other = AdapterChange(saved(tmp_path, kohya("lora_unet_some_where", 4, 4)))
    with pytest.raises(AdapterDoesNotFit, match="made for another kind of model"):
        condition(tiny.model, (Hook(change=other, strength=1.0, text_strength=1.0),))


def test_what_was_noted_under_other_strengths_is_not_taken_up(tiny: Checkpoint, hook: Hook) -> None:
    def print_of(hooks: Hooks) -> bytes:
        guidance = ([condition(tiny.model, hooks)],)
        return fingerprint((guidance,))

    frames = (Keyframe(start=0.5, strength=0.0),)
    stronger, scheduled = replace(hook, strength=0.9), replace(hook, keyframes=frames)
    prints = [print_of((one,)) for one in (hook, stronger, scheduled)]
    assert len({*prints}) == 3
    assert print_of((replace(hook),)) == prints[0]
