"""Nodes that say where in a picture, when and how much a conditioning counts."""

from torch import Tensor

from hub.nodes.api import CONDITIONING, FLOAT, INT, MASK, Input, Node, NodeOutput, Schema, choice
from hub.nodes.conditionings import Conditioning, with_options
from hub.nodes.resampling import planes

_LARGEST_SIDE = 16384
_LATENT = 8  # pixels for each of a latent
_MASK_AREAS = ("default", "mask bounds")


class ConditioningSetArea(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ConditioningSetArea",
            display_name="Conditioning (Set Area)",
            category="conditioning",
            description="Lets a conditioning count in one rectangle of the picture, in pixels.",
            inputs=(
                CONDITIONING.input("conditioning"),
                _pixels("width", 64),
                _pixels("height", 64),
                _pixels("x", 0),
                _pixels("y", 0),
                _strength(),
            ),
            outputs=(CONDITIONING.output(),),
            light=True,
        )

    @classmethod
    def execute(
        cls, conditioning: Conditioning, width: int, height: int, x: int, y: int, strength: float
    ) -> NodeOutput:
        area = tuple(side // _LATENT for side in (height, width, y, x))
        return NodeOutput(
            with_options(conditioning, area=area, strength=strength, set_area_to_bounds=False)
        )


class ConditioningSetAreaPercentage(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ConditioningSetAreaPercentage",
            display_name="Conditioning (Set Area with Percentage)",
            category="conditioning",
            description=(
                "Lets a conditioning count in one rectangle of the picture, in parts of its sides."
            ),
            inputs=(
                CONDITIONING.input("conditioning"),
                _part("width", 1.0),
                _part("height", 1.0),
                _part("x", 0.0),
                _part("y", 0.0),
                _strength(),
            ),
            outputs=(CONDITIONING.output(),),
            light=True,
        )

    @classmethod
    def execute(
        cls,
        conditioning: Conditioning,
        width: float,
        height: float,
        x: float,
        y: float,
        strength: float,
    ) -> NodeOutput:
        area = ("percentage", height, width, y, x)
        return NodeOutput(
            with_options(conditioning, area=area, strength=strength, set_area_to_bounds=False)
        )


class ConditioningSetAreaStrength(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ConditioningSetAreaStrength",
            display_name="ConditioningSetAreaStrength",
            category="conditioning",
            description="How much a conditioning counts beside others in the same place.",
            inputs=(CONDITIONING.input("conditioning"), _strength()),
            outputs=(CONDITIONING.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, conditioning: Conditioning, strength: float) -> NodeOutput:
        return NodeOutput(with_options(conditioning, strength=strength))


class ConditioningSetMask(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ConditioningSetMask",
            display_name="Conditioning (Set Mask)",
            category="conditioning",
            description=(
                "Lets a conditioning count where a mask is 1. With `mask bounds` the model sees "
                "only the rectangle around the mask."
            ),
            inputs=(
                CONDITIONING.input("conditioning"),
                MASK.input("mask"),
                _strength(),
                choice("set_cond_area", _MASK_AREAS),
            ),
            outputs=(CONDITIONING.output(),),
            light=True,
        )

    @classmethod
    def execute(
        cls, conditioning: Conditioning, mask: Tensor, strength: float, set_cond_area: str
    ) -> NodeOutput:
        return NodeOutput(
            with_options(
                conditioning,
                mask=planes(mask),
                mask_strength=strength,
                set_area_to_bounds=set_cond_area != _MASK_AREAS[0],
            )
        )


class ConditioningSetTimestepRange(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ConditioningSetTimestepRange",
            display_name="ConditioningSetTimestepRange",
            category="advanced/conditioning",
            description="Lets a conditioning count from one part of the sampling to another.",
            inputs=(
                CONDITIONING.input("conditioning"),
                FLOAT.value("start", default=0.0, minimum=0.0, maximum=1.0, step=0.001),
                FLOAT.value("end", default=1.0, minimum=0.0, maximum=1.0, step=0.001),
            ),
            outputs=(CONDITIONING.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, conditioning: Conditioning, start: float, end: float) -> NodeOutput:
        return NodeOutput(with_options(conditioning, start_percent=start, end_percent=end))


def _pixels(name: str, smallest: int) -> Input:
    return INT.value(name, default=smallest, minimum=smallest, maximum=_LARGEST_SIDE, step=8)


def _part(name: str, default: float) -> Input:
    return FLOAT.value(name, default=default, minimum=0, maximum=1.0, step=0.01)


def _strength() -> Input:
    return FLOAT.value("strength", default=1.0, minimum=0.0, maximum=10.0, step=0.01)


NODES: tuple[type[Node], ...] = (
    ConditioningSetArea,
    ConditioningSetAreaPercentage,
    ConditioningSetAreaStrength,
    ConditioningSetMask,
    ConditioningSetTimestepRange,
)
