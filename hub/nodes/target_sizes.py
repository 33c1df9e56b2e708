"""Nodes that find the size themselves to which they bring images, and one that tells it."""

import math

from hub.nodes.api import FLOAT, IMAGE, INT, Hidden, Node, NodeOutput, Schema, choice
from hub.nodes.pictures import Images, cut
from hub.nodes.resampling import METHODS, middle, rescaled
from hub.nodes.scaling import LARGEST_SIDE

_MEGAPIXEL = 1024 * 1024
_IMAGES = "comfy_extras.nodes_images"

# Width and height of the pictures that FLUX.1 Kontext was trained on, as its authors publish them.
KONTEXT_SIZES = (
    (672, 1568),
    (688, 1504),
    (720, 1456),
    (752, 1392),
    (800, 1328),
    (832, 1248),
    (880, 1184),
    (944, 1104),
    (1024, 1024),
    (1104, 944),
    (1184, 880),
    (1248, 832),
    (1328, 800),
    (1392, 752),
    (1456, 720),
    (1504, 688),
    (1568, 672),
)


class ImageScaleToTotalPixels(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageScaleToTotalPixels",
            display_name="Scale Image to Total Pixels",
            category="image/upscaling",
            description=(
                "Brings images to so many megapixels of 1024×1024 and keeps their ratio, as well "
                "as sides in whole steps of so many pixels allow."
            ),
            inputs=(
                IMAGE.input("image"),
                choice("upscale_method", METHODS),
                FLOAT.value("megapixels", default=1.0, minimum=0.01, maximum=16.0, step=0.01),
                INT.value("resolution_steps", default=1, minimum=1, maximum=256),
            ),
            outputs=(IMAGE.output(),),
            light=True,
            takes_pictures=True,
            module="comfy_extras.nodes_post_processing",
        )

    @classmethod
    def execute(
        cls, image: Images, upscale_method: str, megapixels: float, resolution_steps: int
    ) -> NodeOutput:
        height, width = image.shape[1:3]
        factor = math.sqrt(megapixels * _MEGAPIXEL / (width * height))
        new_width, new_height = (
            max(1, round(side * factor / resolution_steps)) * resolution_steps
            for side in (width, height)
        )
        return NodeOutput(rescaled(image, new_width, new_height, upscale_method))


class ImageScaleToMaxDimension(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageScaleToMaxDimension",
            display_name="ImageScaleToMaxDimension",
            category="image/upscaling",
            description=(
                "Makes the longer side of images so long, larger or smaller, and keeps their "
                "ratio. With 0 nothing is done."
            ),
            inputs=(
                IMAGE.input("image"),
                choice(
                    "upscale_method",
                    # One is there twice in ComfyUI too.
                    ("area", "lanczos", "bilinear", "nearest-exact", "bilinear", "bicubic"),
                ),
                INT.value("largest_size", default=512, minimum=0, maximum=LARGEST_SIDE, step=1),
            ),
            outputs=(IMAGE.output(),),
            light=True,
            takes_pictures=True,
            module=_IMAGES,
        )

    @classmethod
    def execute(cls, image: Images, upscale_method: str, largest_size: int) -> NodeOutput:
        if largest_size == 0:
            return NodeOutput(image)
        size = scaled_sides(image, largest_size / max(image.shape[1:3]))
        return NodeOutput(rescaled(image, *size, upscale_method))


class FluxKontextImageScale(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="FluxKontextImageScale",
            display_name="FluxKontextImageScale",
            category="advanced/conditioning/flux",
            description=(
                "Brings images to that size which FLUX.1 Kontext knows and whose ratio is nearest, "
                "and cuts off what does not fit."
            ),
            inputs=(IMAGE.input("image"),),
            outputs=(IMAGE.output(),),
            light=True,
            takes_pictures=True,
            module="comfy_extras.nodes_flux",
        )

    @classmethod
    def execute(cls, image: Images) -> NodeOutput:
        height, width = image.shape[1:3]
        size = min(KONTEXT_SIZES, key=lambda known: abs(known[0] / known[1] - width / height))
        return NodeOutput(rescaled(cut(image, *middle(image, *size)), *size, "lanczos"))


class GetImageSize(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="GetImageSize",
            display_name="Get Image Size",
            category="image",
            description="Tells how wide and high images are, in pixels, and how many there are.",
            inputs=(IMAGE.input("image"),),
            outputs=(INT.output("width"), INT.output("height"), INT.output("batch_size")),
            hidden=(Hidden.UNIQUE_ID,),
            light=True,
            takes_pictures=True,
            module=_IMAGES,
        )

    @classmethod
    def execute(cls, image: Images, unique_id: str) -> NodeOutput:
        batch, height, width = image.shape[:3]
        return NodeOutput(width, height, batch)


def scaled_sides(images: Images, factor: float) -> tuple[int, int]:
    """Width and height times `factor`, to the nearest pixel but at least one."""
    height, width = images.shape[1:3]
    return max(1, round(width * factor)), max(1, round(height * factor))


NODES: tuple[type[Node], ...] = (
    ImageScaleToTotalPixels,
    ImageScaleToMaxDimension,
    FluxKontextImageScale,
    GetImageSize,
)
