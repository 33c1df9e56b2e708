"""Nodes that join, mix and blank conditionings."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from hub.errors import Invalid
from hub.nodes.api import CONDITIONING, FLOAT, Node, NodeOutput, Schema

Conditioning = list[list[Any]]
_ZEROED = ("pooled_output", "conditioning_lyrics")


class OtherEncoders(Invalid):
    """Conditionings of two kinds of models meet."""

    def __init__(self, to: int, from_: int) -> None:
        super().__init__(
            f"conditioning_to has texts of the width {to}, and conditioning_from of {from_}: they "
            "were made by the text encoders of two kinds of models. Encode both with those of the "
            "model that they are for."
        )


class ConditioningCombine(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ConditioningCombine",
            display_name="Conditioning (Combine)",
            category="conditioning",
            description="Both conditionings at once: what the model makes of each is averaged.",
            inputs=(CONDITIONING.input("conditioning_1"), CONDITIONING.input("conditioning_2")),
            outputs=(CONDITIONING.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, conditioning_1: Conditioning, conditioning_2: Conditioning) -> NodeOutput:
        return NodeOutput([*conditioning_1, *conditioning_2])


class ConditioningConcat(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ConditioningConcat",
            display_name="Conditioning (Concat)",
            category="conditioning",
            description=(
                "Puts the text of one conditioning behind that of another, as if it were a longer "
                "prompt. Only the first entry of `conditioning_from` is used."
            ),
            inputs=(CONDITIONING.input("conditioning_to"), CONDITIONING.input("conditioning_from")),
            outputs=(CONDITIONING.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, conditioning_to: Conditioning, conditioning_from: Conditioning) -> NodeOutput:
        _check_widths(conditioning_to, conditioning_from)
        behind = conditioning_from[0][0]
        return NodeOutput(
            [[torch.cat([told, behind], dim=1), dict(rest)] for told, rest in conditioning_to]
        )


class ConditioningAverage(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ConditioningAverage",
            display_name="ConditioningAverage",
            category="conditioning",
            description=(
                "Mixes two conditionings, token by token. Only the first entry of "
                "`conditioning_from` is used."
            ),
            inputs=(
                CONDITIONING.input("conditioning_to"),
                CONDITIONING.input("conditioning_from"),
                FLOAT.value(
                    "conditioning_to_strength", default=1.0, minimum=0.0, maximum=1.0, step=0.01
                ),
            ),
            outputs=(CONDITIONING.output(),),
            light=True,
        )

    @classmethod
    def execute(
        cls,
        conditioning_to: Conditioning,
        conditioning_from: Conditioning,
        conditioning_to_strength: float,
    ) -> NodeOutput:
        _check_widths(conditioning_to, conditioning_from)
        return NodeOutput(
            [
                mixed(entry, conditioning_from[0], conditioning_to_strength)
                for entry in conditioning_to
            ]
        )


class ConditioningZeroOut(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ConditioningZeroOut",
            display_name="ConditioningZeroOut",
            category="advanced/conditioning",
            description="Zeros in the place of the text: some models take it for no prompt at all.",
            inputs=(CONDITIONING.input("conditioning"),),
            outputs=(CONDITIONING.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, conditioning: Conditioning) -> NodeOutput:
        return NodeOutput([[torch.zeros_like(told), _blank(rest)] for told, rest in conditioning])


def with_options(conditioning: Conditioning, **options: Any) -> Conditioning:
    """A copy whose entries have these options too."""
    return [[told, {**rest, **options}] for told, rest in conditioning]


def mixed(entry: list[Any], other: list[Any], strength: float) -> list[Any]:
    """`strength` parts of `entry`, the rest of `other`: its tokens are cut or followed by zeros."""
    told, rest = entry
    surplus = told.shape[1] - other[0].shape[1]
    fitted = functional.pad(other[0], (0, 0, 0, surplus))
    options = dict(rest)
    pooled, other_pooled = rest.get("pooled_output"), other[1].get("pooled_output")
    if pooled is None:
        pooled = other_pooled
    elif other_pooled is not None:
        pooled = _between(pooled, other_pooled, strength)
    if pooled is not None:
        options["pooled_output"] = pooled
    return [_between(told, fitted, strength), options]


def _check_widths(to: Conditioning, from_: Conditioning) -> None:
    width = from_[0][0].shape[-1]
    for told, _ in to:
        if told.shape[-1] != width:
            raise OtherEncoders(told.shape[-1], width)


def _between(first: Tensor, second: Tensor, strength: float) -> Tensor:
    return first * strength + second * (1.0 - strength)


def _blank(options: dict[str, Any]) -> dict[str, Any]:
    zeros = {
        name: torch.zeros_like(options[name]) for name in _ZEROED if options.get(name) is not None
    }
    return {**options, **zeros}


NODES: tuple[type[Node], ...] = (
    ConditioningCombine,
    ConditioningConcat,
    ConditioningAverage,
    ConditioningZeroOut,
)
