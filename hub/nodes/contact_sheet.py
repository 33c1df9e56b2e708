"""Many pictures on one sheet."""

import math
from pathlib import Path

from PIL import Image, ImageDraw

from hub.errors import HubError, Invalid
from hub.nodes.api import BOOLEAN, IMAGE, INT, STRING, Node, NodeOutput, Schema, context
from hub.nodes.fingerprints import file_fingerprint
from hub.nodes.lettering import font_of, shortened
from hub.nodes.opening import decoding, turned
from hub.nodes.pixels import image_of

GROUND, INK, EMPTY = "#f4f4f1", "#2b2b2b", "#dcdcd6"


class NoFiles(Invalid):
    """A contact sheet of nothing was asked for."""

    def __init__(self) -> None:
        super().__init__("A contact sheet needs at least one file, one name per line.")


class ContactSheet(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ContactSheet",
            display_name="Contact Sheet",
            category="photo",
            description=(
                "Puts many pictures on one sheet, in rows, with a title. Files that cannot be read "
                "get an empty tile that says so. Memory holds one picture at a time."
            ),
            inputs=(
                STRING.value("files", default="", multiline=True, tooltip="One name per line."),
                INT.value("columns", default=5, minimum=1, maximum=20, step=1),
                INT.value("tile", default=320, minimum=32, maximum=2048, step=1),
                STRING.value("title", default=""),
                BOOLEAN.value("captions", default=False),
            ),
            outputs=(IMAGE.output(),),
            light=True,
            fingerprints_inputs=True,
        )

    @classmethod
    def execute(cls, files: str, columns: int, tile: int, title: str, captions: bool) -> NodeOutput:
        names = [line for line in files.splitlines() if line.strip()]
        if not names:
            raise NoFiles
        sheet = _Sheet(len(names), columns, tile, title, captions=captions)
        for index, name in enumerate(names):
            sheet.put(index, name)
            context().progress(index + 1, len(names))
        return NodeOutput(image_of(sheet.picture)[None])

    @classmethod
    def fingerprint_inputs(
        cls, files: str, columns: int, tile: int, title: str, captions: bool
    ) -> list[str]:
        return [file_fingerprint(name) for name in files.splitlines() if name.strip()]


class _Sheet:
    """A sheet that is being filled."""

    def __init__(self, count: int, columns: int, tile: int, title: str, *, captions: bool) -> None:
        self._columns = min(columns, count)
        self._tile = tile
        self._gap = max(4, tile // 16)
        self._caption = tile // 8 if captions else 0
        self._top = tile // 3 if title.strip() else 0
        rows = math.ceil(count / self._columns)
        width = self._columns * (tile + self._gap) + self._gap
        height = self._top + rows * (tile + self._caption + self._gap) + self._gap
        self.picture = Image.new("RGB", (width, height), GROUND)
        self._draw = ImageDraw.Draw(self.picture)
        if self._top:
            font = font_of(tile / 7)
            text = shortened(self._draw, title, font, width - 2 * self._gap)
            self._draw.text((self._gap, self._top / 2), text, INK, font, anchor="lm")

    def put(self, index: int, name: str) -> None:
        row, column = divmod(index, self._columns)
        x = self._gap + column * (self._tile + self._gap)
        y = self._gap + self._top + row * (self._tile + self._caption + self._gap)
        try:
            thumbnail = _thumbnail(context().input_file(name), self._tile)
        except HubError:
            self._draw.rectangle((x, y, x + self._tile, y + self._tile), EMPTY)
            self._write("cannot be read", x + self._tile / 2, y + self._tile / 2)
        else:
            across, down = (self._tile - side for side in thumbnail.size)
            self.picture.paste(thumbnail, (x + across // 2, y + down // 2))
        if self._caption:
            middle = y + self._tile + self._caption / 2
            self._write(Path(name).name, x + self._tile / 2, middle)

    def _write(self, text: str, x: float, y: float) -> None:
        font = font_of(self._tile / 14)
        short = shortened(self._draw, text, font, self._tile)
        self._draw.text((x, y), short, INK, font, anchor="mm")


def _thumbnail(path: Path, side: int) -> Image.Image:
    """Decoded no larger than need be where the format allows; transparent parts become ground."""
    with decoding(path), Image.open(path) as file:
        file.draft("RGB", (side, side))
        picture = turned(file).convert("RGBA")
    picture.thumbnail((side, side))
    ground = Image.new("RGBA", picture.size, GROUND)
    return Image.alpha_composite(ground, picture).convert("RGB")
