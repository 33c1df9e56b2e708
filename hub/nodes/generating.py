"""Nodes that make images out of nothing."""

from PIL import Image

from hub.nodes.api import IMAGE, INT, Node, NodeOutput, Schema
from hub.nodes.pictures import Pictures
from hub.nodes.scaling import LARGEST_SIDE


class EmptyImage(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="EmptyImage",
            display_name="EmptyImage",
            category="image",
            description="A batch of images in one colour, given as the number 0xRRGGBB.",
            inputs=(
                INT.value("width", default=512, minimum=1, maximum=LARGEST_SIDE, step=1),
                INT.value("height", default=512, minimum=1, maximum=LARGEST_SIDE, step=1),
                INT.value("batch_size", default=1, minimum=1, maximum=4096),
                INT.value("color", default=0, minimum=0, maximum=0xFFFFFF, step=1, display="color"),
            ),
            outputs=(IMAGE.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, width: int, height: int, batch_size: int, color: int) -> NodeOutput:
        levels = (color >> 16 & 0xFF, color >> 8 & 0xFF, color & 0xFF)
        return NodeOutput(Pictures((Image.new("RGB", (width, height), levels),) * batch_size))


NODES: tuple[type[Node], ...] = (EmptyImage,)
