"""Nodes that bring images to another size or cut them."""

from hub.nodes.api import FLOAT, IMAGE, INT, Node, NodeOutput, Schema, choice
from hub.nodes.pictures import Images, cut
from hub.nodes.resampling import METHODS, middle, rescaled

LARGEST_SIDE = 16384


class ImageScale(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageScale",
            display_name="Upscale Image",
            category="image/upscaling",
            description=(
                "Brings images to a size in pixels, larger or smaller. A width or height of 0 "
                "follows from the other and the ratio; with both 0 nothing is done."
            ),
            inputs=(
                IMAGE.input("image"),
                choice("upscale_method", METHODS),
                INT.value("width", default=512, minimum=0, maximum=LARGEST_SIDE, step=1),
                INT.value("height", default=512, minimum=0, maximum=LARGEST_SIDE, step=1),
                choice("crop", ("disabled", "center")),
            ),
            outputs=(IMAGE.output(),),
            light=True,
            takes_pictures=True,
        )

    @classmethod
    def execute(
        cls, image: Images, upscale_method: str, width: int, height: int, crop: str
    ) -> NodeOutput:
        if width == 0 and height == 0:
            return NodeOutput(image)
        old_height, old_width = image.shape[1:3]
        width = width or max(1, round(old_width * height / old_height))
        height = height or max(1, round(old_height * width / old_width))
        source = cut(image, *middle(image, width, height)) if crop == "center" else image
        return NodeOutput(rescaled(source, width, height, upscale_method))


class ImageScaleBy(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageScaleBy",
            display_name="Upscale Image By",
            category="image/upscaling",
            description="Makes images larger or smaller by a factor.",
            inputs=(
                IMAGE.input("image"),
                choice("upscale_method", METHODS),
                FLOAT.value("scale_by", default=1.0, minimum=0.01, maximum=8.0, step=0.01),
            ),
            outputs=(IMAGE.output(),),
            light=True,
            takes_pictures=True,
        )

    @classmethod
    def execute(cls, image: Images, upscale_method: str, scale_by: float) -> NodeOutput:
        height, width = (max(1, round(side * scale_by)) for side in image.shape[1:3])
        return NodeOutput(rescaled(image, width, height, upscale_method))


class ImageCrop(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageCrop",
            display_name="Image Crop",
            category="image/transform",
            description=(
                "Cuts a rectangle out of images. What would lie beyond their edges is left out, "
                "but at least one pixel remains."
            ),
            inputs=(
                IMAGE.input("image"),
                INT.value("width", default=512, minimum=1, maximum=LARGEST_SIDE, step=1),
                INT.value("height", default=512, minimum=1, maximum=LARGEST_SIDE, step=1),
                INT.value("x", default=0, minimum=0, maximum=LARGEST_SIDE, step=1),
                INT.value("y", default=0, minimum=0, maximum=LARGEST_SIDE, step=1),
            ),
            outputs=(IMAGE.output(),),
            light=True,
            takes_pictures=True,
            module="comfy_extras.nodes_images",
        )

    @classmethod
    def execute(cls, image: Images, width: int, height: int, x: int, y: int) -> NodeOutput:
        old_height, old_width = image.shape[1:3]
        left, top = min(x, old_width - 1), min(y, old_height - 1)
        inside = min(width, old_width - left), min(height, old_height - top)
        return NodeOutput(cut(image, left, top, *inside))


NODES: tuple[type[Node], ...] = (
    ImageScale,
    ImageScaleBy,
    ImageCrop,
)
