"""Nodes that put borders around images."""

import torch
from torch import Tensor

from hub.nodes.api import IMAGE, INT, MASK, Input, Node, NodeOutput, Schema, choice
from hub.nodes.pasting import pasted
from hub.nodes.resampling import resampled
from hub.nodes.scaling import LARGEST_SIDE

_COLOURS = {"white": 1.0, "black": 0.0}
_GREY = 0.5


class ImagePadForOutpaint(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImagePadForOutpaint",
            display_name="Pad Image for Outpainting",
            category="image",
            description=(
                "Adds grey borders, and a mask that is 1 there. Within so many pixels of a border "
                "the mask fades out; not so in images too small for that."
            ),
            inputs=(
                IMAGE.input("image"),
                _border("left"),
                _border("top"),
                _border("right"),
                _border("bottom"),
                INT.value("feathering", default=40, minimum=0, maximum=LARGEST_SIDE, step=1),
            ),
            outputs=(IMAGE.output(), MASK.output()),
            light=True,
        )

    @classmethod
    def execute(
        cls, image: Tensor, left: int, top: int, right: int, bottom: int, feathering: int
    ) -> NodeOutput:
        batch, height, width, channels = image.shape
        shape = (batch, top + height + bottom, left + width + right, channels)
        padded = image.new_full(shape, _GREY)
        mask = torch.ones(1, *shape[1:3])
        inside = (slice(None), slice(top, top + height), slice(left, left + width))
        padded[inside] = image
        mask[inside] = _faded(height, width, (left, top, right, bottom), feathering)
        return NodeOutput(padded, mask)


class ResizeAndPadImage(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ResizeAndPadImage",
            display_name="ResizeAndPadImage",
            category="image/transform",
            description=(
                "Brings images to a size in pixels without distorting or cutting them, with "
                "borders where the ratio differs."
            ),
            inputs=(
                IMAGE.input("image"),
                INT.value("target_width", default=512, minimum=1, maximum=LARGEST_SIDE, step=1),
                INT.value("target_height", default=512, minimum=1, maximum=LARGEST_SIDE, step=1),
                choice("padding_color", tuple(_COLOURS)),
                choice(
                    "interpolation", ("area", "bicubic", "nearest-exact", "bilinear", "lanczos")
                ),
            ),
            outputs=(IMAGE.output(),),
            light=True,
            module="comfy_extras.nodes_images",
        )

    @classmethod
    def execute(
        cls,
        image: Tensor,
        target_width: int,
        target_height: int,
        padding_color: str,
        interpolation: str,
    ) -> NodeOutput:
        batch, height, width, channels = image.shape
        factor = min(target_width / width, target_height / height)
        new_width, new_height = (max(1, int(side * factor)) for side in (width, height))
        scaled = resampled(image, new_width, new_height, interpolation)
        ground = image.new_full(
            (batch, target_height, target_width, channels), _COLOURS[padding_color]
        )
        x, y = (target_width - new_width) // 2, (target_height - new_height) // 2
        return NodeOutput(pasted(ground, scaled, x, y))


def _border(name: str) -> Input:
    return INT.value(name, default=0, minimum=0, maximum=LARGEST_SIDE, step=8)


def _faded(height: int, width: int, borders: tuple[int, int, int, int], feathering: int) -> Tensor:
    """((f - d) / f)² within f pixels of a side with a border, where d is the distance to it."""
    if feathering == 0 or 2 * feathering >= min(height, width):
        return torch.zeros(height, width)
    left, top, right, bottom = (border > 0 for border in borders)
    across, down = _distances(width, left, right), _distances(height, top, bottom)
    nearest = torch.minimum(down[:, None], across)
    return ((feathering - nearest) / feathering).clamp_min(0) ** 2


def _distances(length: int, before: bool, after: bool) -> Tensor:
    """Of each pixel to the nearer of those ends that count; infinite if none does."""
    places = torch.arange(length, dtype=torch.float32)
    ends = torch.full((length,), float("inf"))
    if before:
        ends = torch.minimum(ends, places)
    return torch.minimum(ends, length - places) if after else ends


NODES: tuple[type[Node], ...] = (
    ImagePadForOutpaint,
    ResizeAndPadImage,
)
