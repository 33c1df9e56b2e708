"""Nodes that put images together."""

from torch import Tensor

from hub.nodes.api import BOOLEAN, IMAGE, INT, MASK, Node, NodeOutput, Schema
from hub.nodes.batches import joined
from hub.nodes.pasting import pasted
from hub.nodes.resampling import resampled
from hub.nodes.scaling import LARGEST_SIDE


class ImageCompositeMasked(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageCompositeMasked",
            display_name="ImageCompositeMasked",
            category="image",
            description=(
                "Lays the source over the destination at x, y, opaque where the mask is 1. What "
                "reaches beyond the destination is cut off."
            ),
            inputs=(
                IMAGE.input("destination"),
                IMAGE.input("source"),
                INT.value("x", default=0, minimum=0, maximum=LARGEST_SIDE, step=1),
                INT.value("y", default=0, minimum=0, maximum=LARGEST_SIDE, step=1),
                BOOLEAN.value("resize_source", default=False),
                MASK.input("mask", optional=True),
            ),
            outputs=(IMAGE.output(),),
            light=True,
            module="comfy_extras.nodes_mask",
        )

    @classmethod
    def execute(
        cls,
        destination: Tensor,
        source: Tensor,
        x: int,
        y: int,
        resize_source: bool,
        mask: Tensor | None = None,
    ) -> NodeOutput:
        if resize_source:
            height, width = destination.shape[1:3]
            source = resampled(source, width, height, "bilinear")
        return NodeOutput(pasted(destination, source, x, y, mask))


class ImageBatch(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageBatch",
            display_name="Batch Images",
            category="image",
            description=(
                "Puts two batches behind each other. The second is brought to the size of the "
                "first, cut to its ratio."
            ),
            inputs=(IMAGE.input("image1"), IMAGE.input("image2")),
            outputs=(IMAGE.output(),),
            is_deprecated=True,
            light=True,
        )

    @classmethod
    def execute(cls, image1: Tensor, image2: Tensor) -> NodeOutput:
        return NodeOutput(joined((image1, image2)))


NODES: tuple[type[Node], ...] = (
    ImageCompositeMasked,
    ImageBatch,
)
