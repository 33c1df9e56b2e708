"""Nodes for images with transparency. Their masks are 1 where an image is transparent."""

import torch
from torch import Tensor

from hub.nodes.api import IMAGE, MASK, Node, NodeOutput, Schema, choice
from hub.nodes.pasting import repeated
from hub.nodes.porter_duff import MODES, composited
from hub.nodes.resampling import fitted, planes, resampled_mask

_MODULE = "comfy_extras.nodes_compositing"


class PorterDuffImageComposite(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="PorterDuffImageComposite",
            display_name="Porter-Duff Image Composite",
            category="mask/compositing",
            description=(
                "Puts two images with transparency together by a Porter-Duff operator or blend "
                "mode. All is brought to the destination's size, and a shorter batch begins again."
            ),
            inputs=(
                IMAGE.input("source"),
                MASK.input("source_alpha"),
                IMAGE.input("destination"),
                MASK.input("destination_alpha"),
                choice("mode", tuple(MODES), default="DST"),
            ),
            outputs=(IMAGE.output(), MASK.output()),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls,
        source: Tensor,
        source_alpha: Tensor,
        destination: Tensor,
        destination_alpha: Tensor,
        mode: str,
    ) -> NodeOutput:
        height, width = destination.shape[1:3]
        layers = (
            fitted(source[..., :3], width, height, "bicubic"),
            _alpha(source_alpha, width, height),
            destination[..., :3],
            _alpha(destination_alpha, width, height),
        )
        batch = max(map(len, layers))
        over, over_alpha, under, under_alpha = (repeated(layer, batch) for layer in layers)
        image, alpha = composited(over, over_alpha, under, under_alpha, mode)
        return NodeOutput(image, 1 - alpha[..., 0])


class SplitImageWithAlpha(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SplitImageWithAlpha",
            display_name="Split Image with Alpha",
            category="mask/compositing",
            description="Parts an image from its transparency; an image without any is opaque.",
            inputs=(IMAGE.input("image"),),
            outputs=(IMAGE.output(), MASK.output()),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, image: Tensor) -> NodeOutput:
        if image.shape[-1] < 4:
            return NodeOutput(image, torch.zeros(image.shape[:3]))
        return NodeOutput(image[..., :3], 1 - image[..., 3])


class JoinImageWithAlpha(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="JoinImageWithAlpha",
            display_name="Join Image with Alpha",
            category="mask/compositing",
            description=(
                "Makes an image transparent where a mask is 1. The mask is brought to the image's "
                "size, and a shorter batch begins again."
            ),
            inputs=(IMAGE.input("image"), MASK.input("alpha")),
            outputs=(IMAGE.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, image: Tensor, alpha: Tensor) -> NodeOutput:
        height, width = image.shape[1:3]
        opaque = 1 - resampled_mask(alpha, width, height)[..., None]
        batch = max(len(image), len(opaque))
        layers = (repeated(image[..., :3], batch), repeated(opaque, batch))
        return NodeOutput(torch.cat(layers, dim=-1))


def _alpha(mask: Tensor, width: int, height: int) -> Tensor:
    scaled = fitted(planes(mask)[..., None], width, height, "bicubic")
    return 1 - scaled.clamp(0, 1)  # bicubic resampling overshoots


NODES: tuple[type[Node], ...] = (
    PorterDuffImageComposite,
    SplitImageWithAlpha,
    JoinImageWithAlpha,
)
