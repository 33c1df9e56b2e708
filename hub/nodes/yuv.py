"""Brightness and colour apart: BT.601's Y'CbCr over the whole range, as JPEG files have it."""

import torch
from torch import Tensor

from hub.nodes.api import IMAGE, Node, NodeOutput, Schema

LUMA = (0.299, 0.587, 0.114)
_MODULE = "comfy_extras.nodes_morphology"


class ImageRGBToYUV(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageRGBToYUV",
            display_name="ImageRGBToYUV",
            category="image/batch",
            description=(
                "Parts an image into brightness and two colour differences, each as a grey image. "
                "Half grey is no difference."
            ),
            inputs=(IMAGE.input("image"),),
            outputs=(IMAGE.output("Y"), IMAGE.output("U"), IMAGE.output("V")),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, image: Tensor) -> NodeOutput:
        return NodeOutput(*(plane[..., None].repeat(1, 1, 1, 3) for plane in to_yuv(image)))


class ImageYUVToRGB(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageYUVToRGB",
            display_name="ImageYUVToRGB",
            category="image/batch",
            description="Makes one image of brightness and two colour differences.",
            inputs=(IMAGE.input("Y"), IMAGE.input("U"), IMAGE.input("V")),
            outputs=(IMAGE.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, Y: Tensor, U: Tensor, V: Tensor) -> NodeOutput:  # noqa: N803 - ComfyUI's names
        y, u, v = (plane.mean(dim=-1) for plane in (Y, U, V))
        return NodeOutput(to_rgb(y, u, v).clamp_(0, 1))


def to_yuv(image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Y, Cb and Cr of [batch, height, width, 3], each [batch, height, width] from 0 to 1."""
    red, green, blue = image[..., :3].unbind(-1)
    kr, kg, kb = LUMA
    y = kr * red + kg * green + kb * blue
    return y, (blue - y) / (2 - 2 * kb) + 0.5, (red - y) / (2 - 2 * kr) + 0.5


def to_rgb(y: Tensor, u: Tensor, v: Tensor) -> Tensor:
    """The other way round."""
    kr, kg, kb = LUMA
    red = y + (v - 0.5) * (2 - 2 * kr)
    blue = y + (u - 0.5) * (2 - 2 * kb)
    return torch.stack([red, (y - kr * red - kb * blue) / kg, blue], dim=-1)


NODES: tuple[type[Node], ...] = (
    ImageRGBToYUV,
    ImageYUVToRGB,
)
