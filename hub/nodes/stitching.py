"""Puts two images beside each other."""

import torch
from torch import Tensor

from hub.nodes.api import BOOLEAN, IMAGE, INT, Node, NodeOutput, Schema, choice
from hub.nodes.pasting import pasted
from hub.nodes.resampling import resampled, with_channels

_COLOURS = {
    "white": (1.0, 1.0, 1.0),
    "black": (0.0, 0.0, 0.0),
    "red": (1.0, 0.0, 0.0),
    "green": (0.0, 1.0, 0.0),
    "blue": (0.0, 0.0, 1.0),
}
_BESIDE = ("right", "left")


class ImageStitch(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageStitch",
            display_name="Image Stitch",
            category="image/transform",
            description=(
                "Puts the second image to one side of the first, with a gap if wanted. It is "
                "scaled to fit, or else the smaller one is centred on black. Without a second "
                "image the first stays as it is; a shorter batch repeats its last image."
            ),
            inputs=(
                IMAGE.input("image1"),
                choice("direction", ("right", "down", "left", "up")),
                BOOLEAN.value("match_image_size", default=True),
                INT.value("spacing_width", default=0, minimum=0, maximum=1024, step=2),
                choice("spacing_color", tuple(_COLOURS)),
                IMAGE.input("image2", optional=True),
            ),
            outputs=(IMAGE.output(),),
            light=True,
            module="comfy_extras.nodes_images",
        )

    @classmethod
    def execute(
        cls,
        image1: Tensor,
        direction: str,
        match_image_size: bool,
        spacing_width: int,
        spacing_color: str,
        image2: Tensor | None = None,
    ) -> NodeOutput:
        if image2 is None:
            return NodeOutput(image1)
        along = 2 if direction in _BESIDE else 1
        first, second = _alike(image1, image2)
        if match_image_size:
            second = _scaled_to(second, first, along)
        side = max(first.shape[3 - along], second.shape[3 - along])
        parts = [_centred(first, side, along), _centred(second, side, along)]
        if direction in ("left", "up"):
            parts.reverse()
        parts.insert(1, _gap(parts[0], spacing_width, along, _COLOURS[spacing_color]))
        return NodeOutput(torch.cat(parts, dim=along))


def _alike(first: Tensor, second: Tensor) -> tuple[Tensor, Tensor]:
    """Both with the same number of images and channels."""
    batch = max(len(first), len(second))
    channels = max(first.shape[-1], second.shape[-1])
    numbers = torch.arange(batch)
    one, other = (
        with_channels(images[numbers.clamp_max(len(images) - 1)], channels)
        for images in (first, second)
    )
    return one, other.to(one)


def _scaled_to(image: Tensor, first: Tensor, along: int) -> Tensor:
    """As high as the first one when beside it, as wide when above or below; its ratio is kept."""
    across = 3 - along
    side = first.shape[across]
    length = max(1, round(image.shape[along] * side / image.shape[across]))
    width, height = (length, side) if along == 2 else (side, length)
    return resampled(image, width, height, "lanczos")


def _centred(image: Tensor, side: int, along: int) -> Tensor:
    across = 3 - along
    shape = list(image.shape)
    offset = (side - shape[across]) // 2
    shape[across] = side
    x, y = (0, offset) if along == 2 else (offset, 0)
    return pasted(image.new_zeros(shape), image, x, y)


def _gap(image: Tensor, pixels: int, along: int, colour: tuple[float, float, float]) -> Tensor:
    shape = list(image.shape[:3])
    shape[along] = pixels
    return with_channels(image.new_tensor(colour).expand(*shape, 3), image.shape[-1])


NODES: tuple[type[Node], ...] = (ImageStitch,)
