"""The node that brings images and masks to another size in many ways."""

import math
from collections.abc import Callable
from typing import Any

from torch import Tensor

from hub.nodes.api import (
    FLOAT,
    IMAGE,
    INT,
    MASK,
    Input,
    IoType,
    MatchedType,
    Node,
    NodeOutput,
    Schema,
    choice,
    dynamic_combo,
)
from hub.nodes.pictures import Images, Pictures, cut
from hub.nodes.resampling import METHODS, middle, planes, rescaled
from hub.nodes.scaling import LARGEST_SIDE

_IMAGE_OR_MASK = MatchedType("input_type", IMAGE, MASK)
_MEGAPIXEL = 1024 * 1024
Size = tuple[int, int]
"""Width and height."""


def _side(name: str) -> Input:
    return INT.value(name, default=512, minimum=0, maximum=LARGEST_SIDE, step=1)


def _factor(name: str, maximum: float) -> Input:
    return FLOAT.value(name, default=1.0, minimum=0.01, maximum=maximum, step=0.01)


_CROP = choice("crop", ("disabled", "center"), default="center")
_WAYS: dict[str, tuple[Input, ...]] = {
    "scale by multiplier": (_factor("multiplier", 8.0),),
    "scale dimensions": (_side("width"), _side("height"), _CROP),
    "scale longer dimension": (_side("longer_size"),),
    "scale shorter dimension": (_side("shorter_size"),),
    "scale width": (_side("width"),),
    "scale height": (_side("height"),),
    "scale total pixels": (_factor("megapixels", 16.0),),
    "match size": (IoType("IMAGE,MASK").input("match"), _CROP),
}


class ResizeImageMaskNode(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ResizeImageMaskNode",
            display_name="Resize Image/Mask",
            category="transform",
            description=(
                "Brings images or masks to another size, told by a factor, by sides, by the number "
                "of pixels or by another image. Where only one side is told, or another is 0, it "
                "follows from the ratio."
            ),
            inputs=(
                _IMAGE_OR_MASK.input("input"),
                dynamic_combo("resize_type", _WAYS),
                choice("scale_method", METHODS, default="area"),
            ),
            outputs=(_IMAGE_OR_MASK.output("resized"),),
            is_v3=True,
            light=True,
            takes_pictures=True,
            module="comfy_extras.nodes_post_processing",
        )

    @classmethod
    def execute(
        cls,
        input: Images,  # noqa: A002 - ComfyUI's name
        resize_type: dict[str, Any],
        scale_method: str,
    ) -> NodeOutput:
        is_mask = isinstance(input, Tensor) and input.ndim < 4
        images = planes(input)[..., None] if isinstance(input, Tensor) and is_mask else input
        size = _target(images, **resize_type)
        if resize_type.get("crop") == "center":
            images = cut(images, *middle(images, *size))
        resized = rescaled(images, *size, scale_method)
        return NodeOutput(resized[..., 0] if is_mask else resized)  # type: ignore[index] # a mask is no Pictures


def _target(images: Images, resize_type: str, **told: Any) -> Size:
    """The size to bring them to."""
    height, width = images.shape[1:3]
    by_sides: dict[str, Callable[[], Size]] = {
        "scale dimensions": lambda: (told["width"], told["height"]),
        "scale longer dimension": lambda: _one_side(told["longer_size"], is_width=width >= height),
        "scale shorter dimension": lambda: _one_side(told["shorter_size"], is_width=width < height),
        "scale width": lambda: (told["width"], 0),
        "scale height": lambda: (0, told["height"]),
        "match size": lambda: _size_of(told["match"]),
    }
    if resize_type in by_sides:
        return _both_sides(by_sides[resize_type](), width, height)
    if resize_type == "scale by multiplier":
        factor = told["multiplier"]
    else:
        factor = math.sqrt(told["megapixels"] * _MEGAPIXEL / (width * height))
    return max(1, round(width * factor)), max(1, round(height * factor))


def _one_side(length: int, *, is_width: bool) -> Size:
    return (length, 0) if is_width else (0, length)


def _both_sides(size: Size, old_width: int, old_height: int) -> Size:
    """A side of 0 follows from the other; if both are, nothing changes."""
    width, height = size
    if width == 0 and height == 0:
        return old_width, old_height
    width = width or max(1, round(old_width * height / old_height))
    return width, height or max(1, round(old_height * width / old_width))


def _size_of(images: Images) -> Size:
    if isinstance(images, Pictures) or images.ndim == 4:
        height, width = images.shape[1:3]
    else:
        height, width = images.shape[-2:]
    return width, height


NODES: tuple[type[Node], ...] = (ResizeImageMaskNode,)
