"""Draws a card with a title: announcements, quotes, covers."""

from PIL import Image, ImageDraw

from hub.nodes.api import IMAGE, INT, STRING, Node, NodeOutput, Schema
from hub.nodes.encoding import colour
from hub.nodes.lettering import Font, font_of, font_that_fits, wrapped
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
                STRING.value("title", default="Title"),
                STRING.value("subtitle", default=""),
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
        card = _Card(width, height, background, foreground, accent)
        card.write_title(title)
        card.write(subtitle, height / 17, colour(accent))
        card.write(body, height / 21, colour(foreground))
        return NodeOutput(image_of(card.picture)[None])


class _Card:
    """A card that is being written from top to bottom."""

    def __init__(
        self, width: int, height: int, background: str, foreground: str, accent: str
    ) -> None:
        self.picture = Image.new("RGB", (width, height), colour(background))
        self._draw = ImageDraw.Draw(self.picture)
        self._foreground = colour(foreground)
        self._margin = height / 10
        self._left = self._margin * 1.5
        self._width = width - self._left - self._margin
        self._y = self._margin
        bar = max(2, round(self._margin / 6))
        box = (self._margin * 0.8, self._margin, self._margin * 0.8 + bar, height - self._margin)
        self._draw.rectangle(box, colour(accent))

    def write_title(self, text: str) -> None:
        largest = self.picture.height / 6
        font = font_that_fits(self._draw, text, largest, self._width, lines=3)
        self._write(text, font, self._foreground)

    def write(self, text: str, size: float, ink: tuple[int, int, int]) -> None:
        if text.strip():
            self._y += size * 0.8
            self._write(text, font_of(size), ink)

    def _write(self, text: str, font: Font, ink: tuple[int, int, int]) -> None:
        """Lines that no longer fit on the card are left out."""
        for line in wrapped(self._draw, text, font, self._width):
            if self._y + font.size > self.picture.height - self._margin:
                return
            self._draw.text((self._left, self._y), line, ink, font)
            self._y += font.size * 1.25
