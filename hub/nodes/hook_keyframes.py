"""Nodes that say how much hooks count as sampling goes on."""

import math
import sys
from collections.abc import Callable, Iterable, Sequence

from hub.engine.models.hooks import Keyframe
from hub.nodes.api import (
    BOOLEAN,
    FLOAT,
    HOOK_KEYFRAMES,
    INT,
    Input,
    Node,
    NodeOutput,
    Schema,
    choice,
)

Keyframes = tuple[Keyframe, ...]
_CATEGORY, _MODULE = "advanced/hooks/scheduling", "comfy_extras.nodes_hooks"
_OUTPUTS = (HOOK_KEYFRAMES.output("HOOK_KF"),)
_PREVIOUS = HOOK_KEYFRAMES.input("prev_hook_kf", optional=True)

_WAYS: dict[str, Callable[[float], float]] = {
    "linear": lambda part: part,
    "ease_in": lambda part: part**2,
    "ease_out": lambda part: 1 - (1 - part) ** 2,
    "ease_in_out": lambda part: (1 - math.cos(math.pi * part)) / 2,
}


class CreateHookKeyframe(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="CreateHookKeyframe",
            display_name="Create Hook Keyframe",
            category=_CATEGORY,
            description="From a part of the sampling on, hooks count so many times.",
            inputs=(
                FLOAT.value("strength_mult", default=1.0, minimum=-20.0, maximum=20.0, step=0.01),
                _percent("start_percent", 0.0),
                _PREVIOUS,
            ),
            outputs=_OUTPUTS,
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls, strength_mult: float, start_percent: float, prev_hook_kf: Keyframes | None = None
    ) -> NodeOutput:
        return NodeOutput(_after(prev_hook_kf, [(start_percent, strength_mult)], told=False))


class CreateHookKeyframesInterpolated(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="CreateHookKeyframesInterpolated",
            display_name="Create Hook Keyframes Interp.",
            category=_CATEGORY,
            description="Keyframes at equal distances, that lead from one strength to another.",
            inputs=(
                FLOAT.value("strength_start", default=1.0, minimum=0.0, maximum=10.0, step=0.001),
                FLOAT.value("strength_end", default=1.0, minimum=0.0, maximum=10.0, step=0.001),
                choice("interpolation", tuple(_WAYS)),
                _percent("start_percent", 0.0),
                _percent("end_percent", 1.0),
                INT.value("keyframes_count", default=5, minimum=2, maximum=100, step=1),
                BOOLEAN.value("print_keyframes", default=False),
                _PREVIOUS,
            ),
            outputs=_OUTPUTS,
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls,
        strength_start: float,
        strength_end: float,
        interpolation: str,
        start_percent: float,
        end_percent: float,
        keyframes_count: int,
        print_keyframes: bool,
        prev_hook_kf: Keyframes | None = None,
    ) -> NodeOutput:
        way, change = _WAYS[interpolation], strength_end - strength_start
        frames = [
            (start, strength_start + change * way(part))
            for part, start in zip(
                _spread(0.0, 1.0, keyframes_count),
                _spread(start_percent, end_percent, keyframes_count),
                strict=True,
            )
        ]
        return NodeOutput(_after(prev_hook_kf, frames, told=print_keyframes))


class CreateHookKeyframesFromFloats(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        strengths = Input(
            name="floats_strength",
            type="FLOATS",
            default=-1,
            minimum=-1,
            step=0.001,
            extra={"forceInput": True},
        )
        return Schema(
            class_type="CreateHookKeyframesFromFloats",
            display_name="Create Hook Keyframes From Floats",
            category=_CATEGORY,
            description="Keyframes at equal distances, with strengths from a list of numbers.",
            inputs=(
                strengths,
                _percent("start_percent", 0.0),
                _percent("end_percent", 1.0),
                BOOLEAN.value("print_keyframes", default=False),
                _PREVIOUS,
            ),
            outputs=_OUTPUTS,
            is_experimental=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls,
        floats_strength: float | Sequence[float],
        start_percent: float,
        end_percent: float,
        print_keyframes: bool,
        prev_hook_kf: Keyframes | None = None,
    ) -> NodeOutput:
        strengths = floats_strength
        if isinstance(strengths, int | float):
            strengths = [strengths]
        starts = _spread(start_percent, end_percent, len(strengths))
        frames = zip(starts, strengths, strict=True)
        return NodeOutput(_after(prev_hook_kf, frames, told=print_keyframes))


def _after(
    before: Keyframes | None, frames: Iterable[tuple[float, float]], *, told: bool
) -> Keyframes:
    """All of them in the order of their starts; those that are new may be printed."""
    added = [Keyframe(start=start, strength=strength) for start, strength in frames]
    if told:
        for frame in added:
            sys.stdout.write(
                f"Hook keyframe: from {frame.start:.3f} on {frame.strength:.3f} times.\n"
            )
    return tuple(sorted((*(before or ()), *added), key=lambda frame: frame.start))


def _spread(first: float, last: float, count: int) -> list[float]:
    return [first + (last - first) * n / max(count - 1, 1) for n in range(count)]


def _percent(name: str, default: float) -> Input:
    return FLOAT.value(name, default=default, minimum=0.0, maximum=1.0, step=0.001)


NODES: tuple[type[Node], ...] = (
    CreateHookKeyframe,
    CreateHookKeyframesInterpolated,
    CreateHookKeyframesFromFloats,
)
