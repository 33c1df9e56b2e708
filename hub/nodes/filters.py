"""Nodes that change an image's pixels and keep its size."""

from torch import Tensor

from hub.nodes.api import FLOAT, IMAGE, INT, Input, Node, NodeOutput, Schema
from hub.nodes.gaussian import blurred

_POST_PROCESSING = "comfy_extras.nodes_post_processing"


class ImageInvert(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageInvert",
            display_name="Invert Image",
            category="image",
            description="Turns light into dark and every colour into its complement.",
            inputs=(IMAGE.input("image"),),
            outputs=(IMAGE.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, image: Tensor) -> NodeOutput:
        return NodeOutput(1.0 - image)


class ImageSharpen(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageSharpen",
            display_name="Image Sharpen",
            category="image/postprocessing",
            description=(
                "Unsharp masking: adds 10 × alpha times the difference between an image and its "
                "Gaussian blur. Sigma is measured in radii."
            ),
            inputs=(
                IMAGE.input("image"),
                _radius("sharpen_radius"),
                FLOAT.value("sigma", default=1.0, minimum=0.1, maximum=10.0, step=0.01),
                FLOAT.value("alpha", default=1.0, minimum=0.0, maximum=5.0, step=0.01),
            ),
            outputs=(IMAGE.output(),),
            light=True,
            module=_POST_PROCESSING,
        )

    @classmethod
    def execute(cls, image: Tensor, sharpen_radius: int, sigma: float, alpha: float) -> NodeOutput:
        details = image - blurred(image, sharpen_radius, sigma)
        return NodeOutput(details.mul_(10 * alpha).add_(image).clamp_(0, 1))


class ImageBlur(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageBlur",
            display_name="Image Blur",
            category="image/postprocessing",
            description="Gaussian blur. Sigma is measured in radii.",
            inputs=(
                IMAGE.input("image"),
                _radius("blur_radius"),
                FLOAT.value("sigma", default=1.0, minimum=0.1, maximum=10.0, step=0.1),
            ),
            outputs=(IMAGE.output(),),
            light=True,
            module=_POST_PROCESSING,
        )

    @classmethod
    def execute(cls, image: Tensor, blur_radius: int, sigma: float) -> NodeOutput:
        return NodeOutput(blurred(image, blur_radius, sigma))


def _radius(name: str) -> Input:
    return INT.value(name, default=1, minimum=1, maximum=31, step=1)


NODES: tuple[type[Node], ...] = (
    ImageInvert,
    ImageSharpen,
    ImageBlur,
)
