from typing import Any

import pytest
import torch

from hub.nodes.conditioning_places import (
    ConditioningSetArea,
    ConditioningSetAreaPercentage,
    ConditioningSetAreaStrength,
    ConditioningSetMask,
    ConditioningSetTimestepRange,
)
from hub.nodes.conditioning_properties import (
    ConditioningSetProperties,
    ConditioningSetPropertiesAndCombine,
    ConditioningTimestepsRange,
    PairConditioningCombine,
    PairConditioningSetProperties,
    PairConditioningSetPropertiesAndCombine,
)
from hub.nodes.conditionings import (
    ConditioningAverage,
    ConditioningCombine,
    ConditioningConcat,
    ConditioningZeroOut,
    OtherEncoders,
)
from hub.testing.nodes import NodeBench


def entry(value: float, tokens: int = 2, **options: Any) -> list[Any]:
    return [torch.full((1, tokens, 3), value), options]


def test_combining_keeps_both(bench: NodeBench) -> None:
    first, second = entry(1.0), entry(2.0)
    both = bench.run(ConditioningCombine, conditioning_1=[first], conditioning_2=[second])
    assert both == ([first, second],)


def test_texts_are_put_behind_each_other(bench: NodeBench) -> None:
    ((found, options),) = bench.run(
        ConditioningConcat,
        conditioning_to=[entry(1.0, kept="yes")],
        conditioning_from=[entry(2.0, 3), entry(3.0)],
    )[0]
    assert found[0, :, 0].tolist() == [1, 1, 2, 2, 2]
    assert options == {"kept": "yes"}


@pytest.mark.parametrize(("tokens", "expected"), [(1, [2.5, 0.5]), (3, [2.5, 2.5])])
def test_an_average_is_taken_token_by_token(
    tokens: int, expected: list[float], bench: NodeBench
) -> None:
    ((found, options),) = bench.run(
        ConditioningAverage,
        conditioning_to=[entry(2.0, pooled_output=torch.ones(1))],
        conditioning_from=[entry(8 / 3, tokens, pooled_output=torch.full((1,), 5.0))],
        conditioning_to_strength=0.25,
    )[0]
    assert found[0, :, 0].tolist() == pytest.approx(expected)
    assert options["pooled_output"].tolist() == [4.0]


@pytest.mark.parametrize(("to", "other"), [({"pooled_output": 1}, {}), ({}, {"pooled_output": 1})])
def test_the_only_pooled_output_is_taken(
    to: dict[str, Any], other: dict[str, Any], bench: NodeBench
) -> None:
    ((_, options),) = bench.run(
        ConditioningAverage,
        conditioning_to=[entry(1.0, **to)],
        conditioning_from=[entry(1.0, **other)],
    )[0]
    assert options == {"pooled_output": 1}


@pytest.mark.parametrize("node", [ConditioningConcat, ConditioningAverage])
def test_texts_of_two_kinds_of_models_are_not_joined(node: Any, bench: NodeBench) -> None:
    wider = [torch.zeros(1, 2, 5), {}]
    with pytest.raises(OtherEncoders, match="width 3, and conditioning_from of 5"):
        bench.run(node, conditioning_to=[entry(1.0)], conditioning_from=[wider])


def test_zeros_stand_for_the_text(bench: NodeBench) -> None:
    before = entry(1.0, pooled_output=torch.ones(1, 4), width=64)
    ((found, options),) = bench.run(ConditioningZeroOut, conditioning=[before])[0]
    assert not found.any()
    assert not options["pooled_output"].any()
    assert options["width"] == 64
    assert before[1]["pooled_output"].all()


@pytest.mark.parametrize(
    ("node", "inputs", "expected"),
    [
        (
            ConditioningSetArea,
            {"width": 128, "height": 64, "x": 16, "y": 20},
            {"area": (8, 16, 2, 2), "strength": 1.0, "set_area_to_bounds": False},
        ),
        (
            ConditioningSetAreaPercentage,
            {"width": 0.5, "height": 0.25, "x": 0.1, "y": 0.2, "strength": 2.0},
            {
                "area": ("percentage", 0.25, 0.5, 0.2, 0.1),
                "strength": 2.0,
                "set_area_to_bounds": False,
            },
        ),
        (ConditioningSetAreaStrength, {"strength": 3.0}, {"strength": 3.0}),
        (
            ConditioningSetTimestepRange,
            {"start": 0.2},
            {"start_percent": 0.2, "end_percent": 1.0},
        ),
    ],
)
def test_options_are_added_to_a_copy(
    node: Any, inputs: dict[str, Any], expected: dict[str, Any], bench: NodeBench
) -> None:
    before = entry(1.0, kept="yes")
    ((_, options),) = bench.run(node, conditioning=[before], **inputs)[0]
    assert options == {"kept": "yes", **expected}
    assert before[1] == {"kept": "yes"}


@pytest.mark.parametrize(("choice", "bounds"), [("default", False), ("mask bounds", True)])
def test_a_mask_has_three_dimensions(choice: str, bounds: bool, bench: NodeBench) -> None:
    ((_, options),) = bench.run(
        ConditioningSetMask,
        conditioning=[entry(1.0)],
        mask=torch.ones(4, 4),
        strength=0.5,
        set_cond_area=choice,
    )[0]
    assert options["mask"].shape == (1, 4, 4)
    assert (options["mask_strength"], options["set_area_to_bounds"]) == (0.5, bounds)


def test_a_range_has_a_before_and_an_after(bench: NodeBench) -> None:
    ranges = bench.run(ConditioningTimestepsRange, start_percent=0.2, end_percent=0.7)
    assert ranges == ((0.2, 0.7), (0.0, 0.2), (0.7, 1.0))


def test_properties_are_told_together(bench: NodeBench) -> None:
    ((_, options),) = bench.run(
        ConditioningSetProperties,
        cond_NEW=[entry(1.0, kept="yes")],
        strength=0.5,
        set_cond_area="mask bounds",
        mask=torch.ones(4, 4),
        timesteps=(0.2, 0.7),
    )[0]
    assert options.pop("mask").shape == (1, 4, 4)
    assert options == {
        "kept": "yes",
        "mask_strength": 0.5,
        "set_area_to_bounds": True,
        "start_percent": 0.2,
        "end_percent": 0.7,
    }


def test_without_mask_and_range_nothing_is_told(bench: NodeBench) -> None:
    sides = {"positive_NEW": [entry(1.0)], "negative_NEW": [entry(2.0)]}
    both = bench.run(PairConditioningSetProperties, **sides, strength=0.5)
    assert [options for ((_, options),) in both] == [{}, {}]


def test_new_conditionings_come_after_the_others(bench: NodeBench) -> None:
    old, new = entry(1.0), entry(2.0)
    (found,) = bench.run(
        ConditioningSetPropertiesAndCombine, cond=[old], cond_NEW=[new], timesteps=(0.0, 0.5)
    )
    assert [(told[0, 0, 0].item(), options) for told, options in found] == [
        (1.0, {}),
        (2.0, {"start_percent": 0.0, "end_percent": 0.5}),
    ]
    names = ("positive", "negative", "positive_NEW", "negative_NEW")
    pairs = bench.run(
        PairConditioningSetPropertiesAndCombine,
        **{name: [entry(number)] for number, name in enumerate(names)},
    )
    assert [[told[0, 0, 0].item() for told, _ in side] for side in pairs] == [[0, 2], [1, 3]]


def test_pairs_are_combined_side_by_side(bench: NodeBench) -> None:
    names = ("positive_A", "negative_A", "positive_B", "negative_B")
    given = {name: [entry(number)] for number, name in enumerate(names)}
    positive, negative = bench.run(PairConditioningCombine, **given)
    assert positive == [*given["positive_A"], *given["positive_B"]]
    assert negative == [*given["negative_A"], *given["negative_B"]]
