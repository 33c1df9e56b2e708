"""Nodes that make masks, and turn masks into images and back."""

import torch
from torch import Tensor

from hub.errors import Invalid
from hub.nodes.api import FLOAT, IMAGE, INT, MASK, Node, NodeOutput, Schema, choice
from hub.nodes.resampling import planes
from hub.nodes.scaling import LARGEST_SIDE

_MODULE = "comfy_extras.nodes_mask"
_CHANNELS = ("red", "green", "blue", "alpha")


class NoSuchChannel(Invalid):
    """An image lacks the channel that was asked for."""

    def __init__(self, channel: str, channels: int) -> None:
        super().__init__(
            f"The image has {channels} channels and none called {channel}. Choose another, or an "
            "image with transparency."
        )


class MaskToImage(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="MaskToImage",
            display_name="Convert Mask to Image",
            category="mask",
            description="Makes a grey image of a mask: white where the mask is 1.",
            inputs=(MASK.input("mask"),),
            outputs=(IMAGE.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, mask: Tensor) -> NodeOutput:
        return NodeOutput(planes(mask)[..., None].repeat(1, 1, 1, 3))


class ImageToMask(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageToMask",
            display_name="Convert Image to Mask",
            category="mask",
            description="Takes one channel of an image as a mask, as it is.",
            inputs=(IMAGE.input("image"), choice("channel", _CHANNELS)),
            outputs=(MASK.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, image: Tensor, channel: str) -> NodeOutput:
        number = _CHANNELS.index(channel)
        if number >= image.shape[-1]:
            raise NoSuchChannel(channel, image.shape[-1])
        return NodeOutput(image[..., number].clone())


class ImageColorToMask(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageColorToMask",
            display_name="ImageColorToMask",
            category="mask",
            description=(
                "A mask that is 1 exactly where an image has a colour, given as the number "
                "0xRRGGBB. Pixels are rounded to 8 bits before they are compared."
            ),
            inputs=(
                IMAGE.input("image"),
                INT.value(
                    "color", default=0, minimum=0, maximum=0xFFFFFF, step=1, display="number"
                ),
            ),
            outputs=(MASK.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, image: Tensor, color: int) -> NodeOutput:
        levels = (image[..., :3].clamp(0, 1) * 255).round()
        wanted = torch.tensor([color >> shift & 0xFF for shift in (16, 8, 0)]).to(levels)
        return NodeOutput((levels == wanted).all(dim=-1).float())


class SolidMask(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SolidMask",
            display_name="SolidMask",
            category="mask",
            description="A mask of one value.",
            inputs=(
                FLOAT.value("value", default=1.0, minimum=0.0, maximum=1.0, step=0.01),
                INT.value("width", default=512, minimum=1, maximum=LARGEST_SIDE, step=1),
                INT.value("height", default=512, minimum=1, maximum=LARGEST_SIDE, step=1),
            ),
            outputs=(MASK.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, value: float, width: int, height: int) -> NodeOutput:
        return NodeOutput(torch.full((1, height, width), value))


class InvertMask(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="InvertMask",
            display_name="InvertMask",
            category="mask",
            description="Masks what was not masked, and the other way round.",
            inputs=(MASK.input("mask"),),
            outputs=(MASK.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, mask: Tensor) -> NodeOutput:
        return NodeOutput(1.0 - mask)


class CropMask(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="CropMask",
            display_name="CropMask",
            category="mask",
            description=(
                "Cuts a rectangle out of masks. What would lie beyond their edges is left out, but "
                "at least one pixel remains."
            ),
            inputs=(
                MASK.input("mask"),
                INT.value("x", default=0, minimum=0, maximum=LARGEST_SIDE, step=1),
                INT.value("y", default=0, minimum=0, maximum=LARGEST_SIDE, step=1),
                INT.value("width", default=512, minimum=1, maximum=LARGEST_SIDE, step=1),
                INT.value("height", default=512, minimum=1, maximum=LARGEST_SIDE, step=1),
            ),
            outputs=(MASK.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, mask: Tensor, x: int, y: int, width: int, height: int) -> NodeOutput:
        left, top = min(x, mask.shape[-1] - 1), min(y, mask.shape[-2] - 1)
        return NodeOutput(planes(mask)[:, top : top + height, left : left + width].clone())


class ThresholdMask(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ThresholdMask",
            display_name="ThresholdMask",
            category="mask",
            description="Makes a mask 1 where it is above a value, and 0 elsewhere.",
            inputs=(
                MASK.input("mask"),
                FLOAT.value("value", default=0.5, minimum=0.0, maximum=1.0, step=0.01),
            ),
            outputs=(MASK.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, mask: Tensor, value: float) -> NodeOutput:
        return NodeOutput((mask > value).float())


NODES: tuple[type[Node], ...] = (
    MaskToImage,
    ImageToMask,
    ImageColorToMask,
    SolidMask,
    InvertMask,
    CropMask,
    ThresholdMask,
)
