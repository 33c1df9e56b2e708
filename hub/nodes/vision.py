"""Nodes that look at pictures with CLIP, for models that are told what is on them."""

from torch import Tensor

from hub.engine.models.vision_encoder import VisionEncoder, load_vision_encoder
from hub.nodes.api import (
    CLIP_VISION,
    CLIP_VISION_OUTPUT,
    IMAGE,
    Node,
    NodeOutput,
    Schema,
    choice,
    context,
    file_choice,
)

_CENTER = "center"


class CLIPVisionLoader(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="CLIPVisionLoader",
            display_name="Load CLIP Vision",
            category="loaders",
            description="Loads a vision encoder, which says of pictures what is on them.",
            inputs=(file_choice("clip_name", "clip_vision"),),
            outputs=(CLIP_VISION.output(),),
        )

    @classmethod
    def execute(cls, clip_name: str) -> NodeOutput:
        return NodeOutput(load_vision_encoder(context().model_file("clip_vision", clip_name)))


class CLIPVisionEncode(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="CLIPVisionEncode",
            display_name="CLIP Vision Encode",
            category="conditioning",
            description=(
                "Says what is on pictures: on the square in their middle, or on all of them, "
                "pressed into a square."
            ),
            inputs=(
                CLIP_VISION.input("clip_vision"),
                IMAGE.input("image"),
                choice("crop", (_CENTER, "none")),
            ),
            outputs=(CLIP_VISION_OUTPUT.output(),),
        )

    @classmethod
    def execute(cls, clip_vision: VisionEncoder, image: Tensor, crop: str) -> NodeOutput:
        return NodeOutput(clip_vision.encode_image(image, crop=crop == _CENTER))


NODES: tuple[type[Node], ...] = (CLIPVisionLoader, CLIPVisionEncode)
