"""Morphology on images, channel by channel."""

from torch import Tensor

from hub.nodes.api import IMAGE, INT, Node, NodeOutput, Schema, choice
from hub.nodes.morphology import OPERATIONS


class Morphology(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Morphology",
            display_name="ImageMorphology",
            category="image/postprocessing",
            description=(
                "Makes bright areas smaller (erode) or larger (dilate), or combines the two, each "
                "with a square of so many pixels."
            ),
            inputs=(
                IMAGE.input("image"),
                choice("operation", tuple(OPERATIONS)),
                INT.value("kernel_size", default=3, minimum=3, maximum=999, step=1),
            ),
            outputs=(IMAGE.output(),),
            light=True,
            module="comfy_extras.nodes_morphology",
        )

    @classmethod
    def execute(cls, image: Tensor, operation: str, kernel_size: int) -> NodeOutput:
        channels = image.movedim(-1, 1)
        changed = OPERATIONS[operation](channels.flatten(0, 1), kernel_size)
        return NodeOutput(changed.view(channels.shape).movedim(1, -1))


NODES: tuple[type[Node], ...] = (Morphology,)
