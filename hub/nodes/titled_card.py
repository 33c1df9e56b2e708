"""Draws a card with a title: announcements, quotes, covers."""

from PIL import Image, ImageDraw

from hub.nodes.api import IMAGE, INT, STRING, Node, NodeOutput, Schema
from hub.nodes.colours import Colour, colour
from hub.nodes.lettering import LEADING, fitted
from hub.nodes.pixels import image_of


class TitledCard(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="TitledCard",
            display_name="Titled Card",
            category="photo",
            description=(
                "Draws a card: a title that shrinks until it fits, a subtitle, a text and a bar of "
                "colour. Colours are names or #rrggbb."
            ),
            inputs=(
                STRING.value("title", default="Title", multiline=True),
                STRING.value("subtitle", default="", multiline=True),
                STRING.value("body", default="", multiline=True),
                INT.value("width", default=1200, minimum=64, maximum=8192, step=1),
                INT.value("height", default=630, minimum=64, maximum=8192, step=1),
                STRING.value("background", default="#101418"),
                STRING.value("foreground", default="#f5f5f0"),
                STRING.value("accent", default="#ffb000"),
            ),
            outputs=(IMAGE.output(),),
            light=True,
        )

    @classmethod
    def execute(
        cls,
        title: str,
        subtitle: str,
        body: str,
        width: int,
        height: int,
        background: str,
        foreground: str,
        accent: str,
    ) -> NodeOutput:
        card = _Card(width, height, colour(background), colour(accent))
        card.write(title, 1 / 6, colour(foreground), share=0.5)
        card.write(subtitle, 1 / 17, colour(accent), share=0.5)
        card.write(body, 1 / 21, colour(foreground), share=1.0)
        return NodeOutput(image_of(card.picture)[None])


class _Card:
    """A card that is being written from top to bottom, to the right of its bar."""

    def __init__(self, width: int, height: int, background: Colour, accent: Colour) -> None:
        self.picture = Image.new("RGB", (width, height), background)
        self._draw = ImageDraw.Draw(self.picture)
        self._unit = min(width, height)
        margin = self._unit / 10
        self._left = margin * 1.5
        self._width = width - self._left - margin
        self._y, self._bottom = margin, height - margin
        bar = max(2, round(margin / 6))
        self._draw.rectangle((margin * 0.8, margin, margin * 0.8 + bar, self._bottom), accent)

    def write(self, text: str, size: float, ink: Colour, *, share: float) -> None:
        """`size`, in shorter sides, shrinks until `text` fits its share of the room that is left.

        An empty text takes no room.
        """
        if not text.strip():
            return
        room = (self._bottom - self._y) * share
        font, lines = fitted(self._draw, text, size * self._unit, self._width, room)
        for line in lines:
            self._draw.text((self._left, self._y), line, ink, font)
            self._y += font.size * LEADING
        self._y += self._unit / 25


NODES: tuple[type[Node], ...] = (TitledCard,)
