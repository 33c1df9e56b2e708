"""Nodes that say several things about a conditioning, or about both sides, at once."""

from typing import Any

from torch import Tensor

from hub.engine.models.hooks import hooks_of
from hub.nodes.api import (
    CONDITIONING,
    FLOAT,
    HOOKS,
    MASK,
    TIMESTEPS_RANGE,
    Input,
    Node,
    NodeOutput,
    Output,
    Schema,
    choice,
)
from hub.nodes.conditionings import Conditioning, with_options
from hub.nodes.resampling import planes

Timesteps = tuple[float, float]
_AREAS = ("default", "mask bounds")
_MODULE = "comfy_extras.nodes_hooks"
_SINGLE, _PAIR = "advanced/hooks/cond single", "advanced/hooks/cond pair"


class ConditioningTimestepsRange(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ConditioningTimestepsRange",
            display_name="Timesteps Range",
            category="advanced/hooks",
            description="A part of the sampling, what comes before it and what comes after it.",
            inputs=(_percent("start_percent", 0.0), _percent("end_percent", 1.0)),
            outputs=tuple(
                TIMESTEPS_RANGE.output(name)
                for name in ("TIMESTEPS_RANGE", "BEFORE_RANGE", "AFTER_RANGE")
            ),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, start_percent: float, end_percent: float) -> NodeOutput:
        return NodeOutput((start_percent, end_percent), (0.0, start_percent), (end_percent, 1.0))


class ConditioningSetProperties(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ConditioningSetProperties",
            display_name="Cond Set Props",
            category=_SINGLE,
            description="Lets a conditioning count under a mask and in a part of the sampling.",
            inputs=(CONDITIONING.input("cond_NEW"), *_properties()),
            outputs=(CONDITIONING.output(),),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls,
        cond_NEW: Conditioning,  # noqa: N803 - ComfyUI's name
        strength: float,
        set_cond_area: str,
        mask: Tensor | None = None,
        hooks: object = None,
        timesteps: Timesteps | None = None,
    ) -> NodeOutput:
        told = properties(strength, set_cond_area, mask, timesteps)
        return NodeOutput(hooked(with_options(cond_NEW, **told), hooks))


class ConditioningSetPropertiesAndCombine(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ConditioningSetPropertiesAndCombine",
            display_name="Cond Set Props Combine",
            category=_SINGLE,
            description="Lets a conditioning count under a mask and for a while, beside another.",
            inputs=(CONDITIONING.input("cond"), CONDITIONING.input("cond_NEW"), *_properties()),
            outputs=(CONDITIONING.output(),),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls,
        cond: Conditioning,
        cond_NEW: Conditioning,  # noqa: N803 - ComfyUI's name
        strength: float,
        set_cond_area: str,
        mask: Tensor | None = None,
        hooks: object = None,
        timesteps: Timesteps | None = None,
    ) -> NodeOutput:
        told = properties(strength, set_cond_area, mask, timesteps)
        return NodeOutput([*cond, *hooked(with_options(cond_NEW, **told), hooks)])


class PairConditioningSetProperties(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="PairConditioningSetProperties",
            display_name="Cond Pair Set Props",
            category=_PAIR,
            description="Lets both sides count under a mask and in a part of the sampling.",
            inputs=(*_pair("positive_NEW", "negative_NEW"), *_properties()),
            outputs=_sides(),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls,
        positive_NEW: Conditioning,  # noqa: N803 - ComfyUI's name
        negative_NEW: Conditioning,  # noqa: N803 - ComfyUI's name
        strength: float,
        set_cond_area: str,
        mask: Tensor | None = None,
        hooks: object = None,
        timesteps: Timesteps | None = None,
    ) -> NodeOutput:
        told = properties(strength, set_cond_area, mask, timesteps)
        return NodeOutput(
            hooked(with_options(positive_NEW, **told), hooks),
            hooked(with_options(negative_NEW, **told), hooks),
        )


class PairConditioningSetPropertiesAndCombine(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        names = ("positive", "negative", "positive_NEW", "negative_NEW")
        return Schema(
            class_type="PairConditioningSetPropertiesAndCombine",
            display_name="Cond Pair Set Props Combine",
            category=_PAIR,
            description="Lets two new sides count under a mask and for a while, beside the others.",
            inputs=(*_pair(*names), *_properties()),
            outputs=_sides(),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls,
        positive: Conditioning,
        negative: Conditioning,
        positive_NEW: Conditioning,  # noqa: N803 - ComfyUI's name
        negative_NEW: Conditioning,  # noqa: N803 - ComfyUI's name
        strength: float,
        set_cond_area: str,
        mask: Tensor | None = None,
        hooks: object = None,
        timesteps: Timesteps | None = None,
    ) -> NodeOutput:
        told = properties(strength, set_cond_area, mask, timesteps)
        return NodeOutput(
            [*positive, *hooked(with_options(positive_NEW, **told), hooks)],
            [*negative, *hooked(with_options(negative_NEW, **told), hooks)],
        )


class PairConditioningCombine(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="PairConditioningCombine",
            display_name="Cond Pair Combine",
            category=_PAIR,
            description="Both pairs at once: what the model makes of each is averaged.",
            inputs=_pair("positive_A", "negative_A", "positive_B", "negative_B"),
            outputs=_sides(),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls,
        positive_A: Conditioning,  # noqa: N803 - ComfyUI's name
        negative_A: Conditioning,  # noqa: N803 - ComfyUI's name
        positive_B: Conditioning,  # noqa: N803 - ComfyUI's name
        negative_B: Conditioning,  # noqa: N803 - ComfyUI's name
    ) -> NodeOutput:
        return NodeOutput([*positive_A, *positive_B], [*negative_A, *negative_B])


class ConditioningSetDefaultCombine(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ConditioningSetDefaultCombine",
            display_name="Cond Set Default Combine",
            category=_SINGLE,
            description="Lets a conditioning count wherever another, under its masks, does not.",
            inputs=(*_pair("cond", "cond_DEFAULT"), HOOKS.input("hooks", optional=True)),
            outputs=(CONDITIONING.output(),),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls,
        cond: Conditioning,
        cond_DEFAULT: Conditioning,  # noqa: N803 - ComfyUI's name
        hooks: object = None,
    ) -> NodeOutput:
        return NodeOutput([*cond, *_as_default(cond_DEFAULT, hooks)])


class PairConditioningSetDefaultCombine(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        names = ("positive", "negative", "positive_DEFAULT", "negative_DEFAULT")
        return Schema(
            class_type="PairConditioningSetDefaultCombine",
            display_name="Cond Pair Set Default Combine",
            category=_PAIR,
            description="Lets two sides count wherever the others, under their masks, do not.",
            inputs=(*_pair(*names), HOOKS.input("hooks", optional=True)),
            outputs=_sides(),
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls,
        positive: Conditioning,
        negative: Conditioning,
        positive_DEFAULT: Conditioning,  # noqa: N803 - ComfyUI's name
        negative_DEFAULT: Conditioning,  # noqa: N803 - ComfyUI's name
        hooks: object = None,
    ) -> NodeOutput:
        return NodeOutput(
            [*positive, *_as_default(positive_DEFAULT, hooks)],
            [*negative, *_as_default(negative_DEFAULT, hooks)],
        )


def properties(
    strength: float,
    set_cond_area: str,
    mask: Tensor | None,
    timesteps: Timesteps | None,
) -> dict[str, Any]:
    """What to put into a conditioning; the strength is that of the mask."""
    told: dict[str, Any] = {}
    if mask is not None:
        is_cut = set_cond_area != _AREAS[0]
        told.update(mask=planes(mask), mask_strength=strength, set_area_to_bounds=is_cut)
    if timesteps is not None:
        told.update(start_percent=timesteps[0], end_percent=timesteps[1])
    return told


def hooked(conditioning: Conditioning, hooks: object) -> Conditioning:
    """With these hooks besides those that it has. Raises `UnknownHooks`."""
    if not (added := hooks_of(hooks)):
        return conditioning
    return [
        [told, {**rest, "hooks": (*hooks_of(rest.get("hooks")), *added)}]
        for told, rest in conditioning
    ]


def _as_default(conditioning: Conditioning, hooks: object) -> Conditioning:
    return hooked(with_options(conditioning, default=True), hooks)


def _properties() -> tuple[Input, ...]:
    return (
        FLOAT.value("strength", default=1.0, minimum=0.0, maximum=10.0, step=0.01),
        choice("set_cond_area", _AREAS),
        MASK.input("mask", optional=True),
        HOOKS.input("hooks", optional=True),
        TIMESTEPS_RANGE.input("timesteps", optional=True),
    )


def _pair(*names: str) -> tuple[Input, ...]:
    return tuple(CONDITIONING.input(name) for name in names)


def _sides() -> tuple[Output, ...]:
    return CONDITIONING.output("positive"), CONDITIONING.output("negative")


def _percent(name: str, default: float) -> Input:
    return FLOAT.value(name, default=default, minimum=0.0, maximum=1.0, step=0.001)


NODES: tuple[type[Node], ...] = (
    ConditioningTimestepsRange,
    ConditioningSetProperties,
    ConditioningSetPropertiesAndCombine,
    PairConditioningSetProperties,
    PairConditioningSetPropertiesAndCombine,
    PairConditioningCombine,
    ConditioningSetDefaultCombine,
    PairConditioningSetDefaultCombine,
)
