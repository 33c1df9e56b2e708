"""Puts a text on images that is readable on light and dark."""

import torch
from PIL import Image, ImageDraw
from torch import Tensor

from hub.nodes.api import FLOAT, IMAGE, STRING, Node, NodeOutput, Schema, choice
from hub.nodes.lettering import font_of
from hub.nodes.pixels import image_of

POSITIONS = ("bottom-right", "bottom-left", "top-right", "top-left", "center")
_MARGIN = 2.5


class ImageWatermark(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageWatermark",
            display_name="Watermark Image",
            category="photo",
            description=(
                "Writes a text on images, white with a dark outline. Size and margin are percents "
                "of the shorter side. An empty text changes nothing."
            ),
            inputs=(
                IMAGE.input("image"),
                STRING.value("text", default=""),
                choice("position", POSITIONS),
                FLOAT.value("opacity", default=0.7, minimum=0.0, maximum=1.0, step=0.05),
                FLOAT.value("size", default=3.0, minimum=0.5, maximum=50.0, step=0.5),
                FLOAT.value(
                    "margin", default=_MARGIN, minimum=0.0, maximum=50.0, step=0.5, optional=True
                ),
            ),
            outputs=(IMAGE.output(),),
            light=True,
        )

    @classmethod
    def execute(
        cls,
        image: Tensor,
        text: str,
        position: str,
        opacity: float,
        size: float,
        margin: float = _MARGIN,
    ) -> NodeOutput:
        if not text.strip() or opacity == 0:
            return NodeOutput(image)
        height, width = image.shape[1:3]
        short = min(height, width)
        label = _label(text, short * size / 100, max(1, width))
        x, y = _corner(position, (width, height), label.size, short * margin / 100)
        return NodeOutput(_laid_on(image, label, x, y, opacity))


def _label(text: str, size: float, widest: int) -> Image.Image:
    """The text on transparent ground, made smaller if it would be wider than the image."""
    font = font_of(size)
    stroke = max(1, round(size / 16))
    draw = ImageDraw.Draw(Image.new("RGBA", (1, 1)))
    left, top, right, bottom = draw.multiline_textbbox((0, 0), text, font, stroke_width=stroke)
    label = Image.new("RGBA", (max(1, round(right - left)), max(1, round(bottom - top))))
    ImageDraw.Draw(label).multiline_text(
        (-left, -top), text, "white", font, stroke_width=stroke, stroke_fill=(0, 0, 0, 160)
    )
    label.thumbnail((widest, label.height))
    return label


def _corner(
    position: str, size: tuple[int, int], label: tuple[int, int], margin: float
) -> tuple[int, int]:
    """Where the label's upper left corner goes, inside the image."""
    room = (size[0] - label[0], size[1] - label[1])
    x = room[0] / 2 if position == "center" else margin if "left" in position else room[0] - margin
    y = room[1] / 2 if position == "center" else margin if "top" in position else room[1] - margin
    return max(0, min(room[0], round(x))), max(0, min(room[1], round(y)))


def _laid_on(image: Tensor, label: Image.Image, x: int, y: int, opacity: float) -> Tensor:
    """The label over the images: colour · alpha + image · (1 − alpha)."""
    colour = image_of(label.convert("RGB")).to(image.device)
    alpha = image_of(label.getchannel("A"))[..., :1].to(image.device) * opacity
    result = image.clone()
    height = min(label.height, image.shape[1] - y)
    part = result[:, y : y + height, x : x + label.width, :3]
    part.copy_(torch.lerp(part, colour[:height], alpha[:height]))
    return result


NODES: tuple[type[Node], ...] = (ImageWatermark,)
