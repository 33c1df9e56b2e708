"""Reduces images to a palette."""

import numpy as np
from PIL import Image
from torch import Tensor

from hub.nodes.api import IMAGE, INT, Node, NodeOutput, Schema, choice
from hub.nodes.pixels import FloatArray, batch_of, image_of, picture_of

_DITHERS = ("none", "floyd-steinberg", "bayer-2", "bayer-4", "bayer-8", "bayer-16")


class ImageQuantize(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageQuantize",
            display_name="Image Quantize",
            category="image/postprocessing",
            description=(
                "Reduces each image to so many colours of its own, found by median cut, and "
                "imitates those in between by a dither."
            ),
            inputs=(
                IMAGE.input("image"),
                INT.value("colors", default=256, minimum=1, maximum=256, step=1),
                choice("dither", _DITHERS),
            ),
            outputs=(IMAGE.output(),),
            light=True,
            module="comfy_extras.nodes_post_processing",
        )

    @classmethod
    def execute(cls, image: Tensor, colors: int, dither: str) -> NodeOutput:
        pictures = (picture_of(one[..., :3]) for one in image)
        reduced = (image_of(quantized(one, colors, dither)) for one in pictures)
        return NodeOutput(batch_of(reduced, len(image)))


def quantized(picture: Image.Image, colours: int, dither: str) -> Image.Image:
    """An RGB picture in at most so many colours, as RGB."""
    palette = picture.quantize(colours)
    kind, _, order = dither.partition("-")
    if kind == "bayer":
        picture = _ordered(picture, colours, int(order))
    diffusion = Image.Dither.FLOYDSTEINBERG if kind == "floyd" else Image.Dither.NONE
    return picture.quantize(palette=palette, dither=diffusion).convert("RGB")


def bayer(order: int) -> FloatArray:
    """Bayer's threshold matrix (1973) of order × order, from -0.5 to below 0.5; a power of 2."""
    levels = np.zeros((1, 1), np.float32)
    while len(levels) < order:
        levels = np.block([[4 * levels, 4 * levels + 2], [4 * levels + 3, 4 * levels + 1]])
    return (levels / order**2 - 0.5).astype(np.float32)


def _ordered(picture: Image.Image, colours: int, order: int) -> Image.Image:
    """Each pixel moved by its threshold, as far as colours of an even palette lie apart."""
    distance = 255 / colours ** (1 / 3)
    rows, columns = (-(-side // order) for side in (picture.height, picture.width))
    pattern = np.tile(bayer(order), (rows, columns))[: picture.height, : picture.width, None]
    moved = np.asarray(picture, np.float32) + distance * pattern
    return Image.fromarray(moved.round().clip(0, 255).astype(np.uint8))


NODES: tuple[type[Node], ...] = (ImageQuantize,)
