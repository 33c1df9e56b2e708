"""Nodes that turn images and mirror them."""

import torch
from torch import Tensor

from hub.nodes.api import IMAGE, Node, NodeOutput, Schema, choice

_MODULE = "comfy_extras.nodes_images"
_ROTATIONS = ("none", "90 degrees", "180 degrees", "270 degrees")
_FLIPS = {"x-axis: vertically": 1, "y-axis: horizontally": 2}


class ImageRotate(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageRotate",
            display_name="ImageRotate",
            category="image/transform",
            description="Turns images clockwise.",
            inputs=(IMAGE.input("image"), choice("rotation", _ROTATIONS)),
            outputs=(IMAGE.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, image: Tensor, rotation: str) -> NodeOutput:
        # From the second dimension named, across, towards the first, down: that is clockwise.
        return NodeOutput(torch.rot90(image, _ROTATIONS.index(rotation), dims=(2, 1)))


class ImageFlip(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageFlip",
            display_name="ImageFlip",
            category="image/transform",
            description="Mirrors images: upside down about the x-axis, or left to right.",
            inputs=(IMAGE.input("image"), choice("flip_method", tuple(_FLIPS))),
            outputs=(IMAGE.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, image: Tensor, flip_method: str) -> NodeOutput:
        return NodeOutput(image.flip(_FLIPS[flip_method]))


NODES: tuple[type[Node], ...] = (
    ImageRotate,
    ImageFlip,
)
