"""Nodes that change the shape of masks, and combine them."""

from collections.abc import Callable

import torch
from torch import Tensor

from hub.nodes.api import BOOLEAN, INT, MASK, Input, Node, NodeOutput, Schema, choice
from hub.nodes.morphology import grown
from hub.nodes.pasting import overlap, repeated
from hub.nodes.resampling import planes
from hub.nodes.scaling import LARGEST_SIDE

_MODULE = "comfy_extras.nodes_mask"

_OPERATIONS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "multiply": torch.mul,
    "add": torch.add,
    "subtract": torch.sub,
    "and": lambda one, other: (one.round().bool() & other.round().bool()).float(),
    "or": lambda one, other: (one.round().bool() | other.round().bool()).float(),
    "xor": lambda one, other: (one.round().bool() ^ other.round().bool()).float(),
}


class MaskComposite(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="MaskComposite",
            display_name="MaskComposite",
            category="mask",
            description=(
                "Combines the destination with the source at x, y, within 0 to 1. For and, or and "
                "xor values are rounded first. What reaches beyond the destination is cut off."
            ),
            inputs=(
                MASK.input("destination"),
                MASK.input("source"),
                _pixels("x"),
                _pixels("y"),
                choice("operation", tuple(_OPERATIONS)),
            ),
            outputs=(MASK.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls, destination: Tensor, source: Tensor, x: int, y: int, operation: str
    ) -> NodeOutput:
        result, over = planes(destination).clone(), planes(source)
        place, visible = overlap(result.shape[1:], over.shape[1:], x, y)
        window = result[:, *place]
        other = repeated(over, len(result))[:, *visible]
        window.copy_(_OPERATIONS[operation](window, other).clamp_(0, 1))
        return NodeOutput(result)


class FeatherMask(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="FeatherMask",
            display_name="FeatherMask",
            category="mask",
            description="Fades masks out towards each edge, evenly over so many pixels.",
            inputs=(
                MASK.input("mask"),
                _pixels("left"),
                _pixels("top"),
                _pixels("right"),
                _pixels("bottom"),
            ),
            outputs=(MASK.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, mask: Tensor, left: int, top: int, right: int, bottom: int) -> NodeOutput:
        height, width = mask.shape[-2:]
        across = _ramp(left, width) * _ramp(right, width).flip(0)
        down = _ramp(top, height) * _ramp(bottom, height).flip(0)
        return NodeOutput(planes(mask) * down[:, None] * across)


class GrowMask(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="GrowMask",
            display_name="Grow Mask",
            category="mask",
            description=(
                "Makes masked areas larger by so many pixels, or smaller by a negative number. "
                "With tapered corners a point becomes a diamond, otherwise a square."
            ),
            inputs=(
                MASK.input("mask"),
                INT.value("expand", default=0, minimum=-LARGEST_SIDE, maximum=LARGEST_SIDE, step=1),
                BOOLEAN.value("tapered_corners", default=True),
            ),
            outputs=(MASK.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, mask: Tensor, expand: int, tapered_corners: bool) -> NodeOutput:
        return NodeOutput(grown(planes(mask), expand, tapered=tapered_corners))


def _pixels(name: str) -> Input:
    return INT.value(name, default=0, minimum=0, maximum=LARGEST_SIDE, step=1)


def _ramp(pixels: int, length: int) -> Tensor:
    """1/n, 2/n … 1 over the first n of `length` pixels, then 1."""
    pixels = min(pixels, length)
    factors = torch.ones(length)
    factors[:pixels] = torch.arange(1, pixels + 1) / max(1, pixels)
    return factors


NODES: tuple[type[Node], ...] = (
    MaskComposite,
    FeatherMask,
    GrowMask,
)
