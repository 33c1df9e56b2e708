from typing import Any

import pytest

from hub.engine.models.hooks import Hook, Keyframe
from hub.nodes.conditioning_properties import (
    ConditioningSetDefaultCombine,
    PairConditioningSetDefaultCombine,
    PairConditioningSetProperties,
)
from hub.nodes.hook_groups import CombineHooks4, SetClipHooks, SetHookKeyframes
from hub.nodes.hook_keyframes import (
    CreateHookKeyframe,
    CreateHookKeyframesFromFloats,
    CreateHookKeyframesInterpolated,
)
from hub.nodes.hooks import CreateHookLora
from hub.testing.nodes import NodeBench


def hook(number: int) -> Hook:
    change: Any = object()
    return Hook(change=change, strength=number, text_strength=0.0)


@pytest.mark.parametrize(
    ("interpolation", "middle"),
    [("linear", 0.5), ("ease_in", 0.25), ("ease_out", 0.75), ("ease_in_out", 0.5)],
)
def test_keyframes_lead_from_one_strength_to_another(
    interpolation: str, middle: float, bench: NodeBench
) -> None:
    (frames,) = bench.run(
        CreateHookKeyframesInterpolated,
        strength_start=0.0,
        strength_end=1.0,
        interpolation=interpolation,
        end_percent=0.6,
        keyframes_count=3,
    )
    assert [frame.start for frame in frames] == pytest.approx([0.0, 0.3, 0.6])
    assert [frame.strength for frame in frames] == pytest.approx([0.0, middle, 1.0])


def test_keyframes_are_put_in_order_and_printed_if_asked(
    bench: NodeBench, capsys: pytest.CaptureFixture[str]
) -> None:
    (last,) = bench.run(CreateHookKeyframe, start_percent=0.9, strength_mult=2.0)
    (frames,) = bench.run(
        CreateHookKeyframesFromFloats,
        floats_strength=[0.5, 1.0],
        end_percent=0.5,
        print_keyframes=True,
        prev_hook_kf=last,
    )
    assert frames == (
        Keyframe(start=0.0, strength=0.5),
        Keyframe(start=0.5, strength=1.0),
        Keyframe(start=0.9, strength=2.0),
    )
    assert capsys.readouterr().out.count("Hook keyframe") == 2


def test_hooks_are_combined_and_get_keyframes_together(bench: NodeBench) -> None:
    (frames,) = bench.run(CreateHookKeyframe)
    first, second = hook(1), hook(2)
    (both,) = bench.run(CombineHooks4, hooks_D=(second,), hooks_A=(first,))
    assert both == (first, second)
    (framed,) = bench.run(SetHookKeyframes, hooks=both, hook_kf=frames)
    assert [one.keyframes for one in framed] == [frames, frames]


def test_a_hook_without_strength_and_a_clip_without_hooks_stay_as_they_are(
    bench: NodeBench,
) -> None:
    nothing = {"lora_name": "missing.safetensors", "strength_model": 0.0, "strength_clip": 0.0}
    assert bench.run(CreateHookLora, **nothing, prev_hooks=(hook(1),))[0][0].strength == 1
    encoder = object()
    assert bench.run(SetClipHooks, clip=encoder) == (encoder,)


def test_a_default_is_marked_and_hooked_behind_the_others(bench: NodeBench) -> None:
    entries: dict[str, Any] = {name: [[name, {}]] for name in ("positive", "negative")}
    defaults: dict[str, Any] = {f"{name}_DEFAULT": [[f"other {name}", {}]] for name in entries}
    hooks = (hook(1),)
    positive, negative = bench.run(
        PairConditioningSetDefaultCombine, **entries, **defaults, hooks=hooks
    )
    options = {"default": True, "hooks": hooks}
    assert positive == [["positive", {}], ["other positive", options]]
    assert negative == [["negative", {}], ["other negative", options]]
    (single,) = bench.run(
        ConditioningSetDefaultCombine, cond=[["one", {}]], cond_DEFAULT=[["other", {}]]
    )
    assert single == [["one", {}], ["other", {"default": True}]]


def test_a_conditioning_gets_hooks_besides_those_that_it_has(bench: NodeBench) -> None:
    first, second = hook(1), hook(2)
    positive, negative = bench.run(
        PairConditioningSetProperties,
        positive_NEW=[["told", {"hooks": (first,)}]],
        negative_NEW=[["told", {}]],
        hooks=(second,),
    )
    assert positive[0][1]["hooks"] == (first, second)
    assert negative[0][1]["hooks"] == (second,)
