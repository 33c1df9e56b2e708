"""A sheet of thumbnails in rows, with one file in memory at a time."""

import math
from pathlib import Path

from PIL import Image, ImageDraw

from hub.errors import Invalid, NotFound
from hub.nodes.api import context
from hub.nodes.colours import flattened
from hub.nodes.lettering import font_of, shortened
from hub.nodes.opening import Unreadable, decoding, turned
from hub.nodes.pixels import image_of, is_sixteen_bit, picture_of
from hub.nodes.scaling import LARGEST_SIDE

GROUND, INK, EMPTY = (244, 244, 241), (43, 43, 43), (220, 220, 214)


class SheetTooLarge(Invalid):
    """So many tiles of that size make no picture."""

    def __init__(self, count: int, width: int, height: int) -> None:
        super().__init__(
            f"A contact sheet of {count} files would have {width}×{height} px, and no side may "
            f"exceed {LARGEST_SIDE}. Choose smaller tiles, other columns or fewer files."
        )


class Sheet:
    """A sheet that is being filled. `tile` is the side of a tile in pixels."""

    def __init__(self, count: int, columns: int, tile: int, title: str, *, captions: bool) -> None:
        self._columns = min(columns, count)
        self._tile = tile
        self._gap = max(4, tile // 16)
        self._caption = max(12, tile // 8) if captions else 0
        self._top = tile // 3 if title.strip() else 0
        rows = math.ceil(count / self._columns)
        width = self._columns * (tile + self._gap) + self._gap
        height = self._top + rows * (tile + self._caption + self._gap) + self._gap
        if max(width, height) > LARGEST_SIDE:
            raise SheetTooLarge(count, width, height)
        self.picture = Image.new("RGB", (width, height), GROUND)
        self._draw = ImageDraw.Draw(self.picture)
        if self._top:
            font = font_of(tile / 7)
            text = shortened(self._draw, title, font, width - 2 * self._gap)
            self._draw.text((self._gap, self._top / 2), text, INK, font, anchor="lm")

    def put(self, index: int, name: str) -> None:
        """Show an input file in the tile with that number, or in words why it is not shown."""
        row, column = divmod(index, self._columns)
        x = self._gap + column * (self._tile + self._gap)
        y = self._gap + self._top + row * (self._tile + self._caption + self._gap)
        try:
            picture = thumbnail(context().input_file(name), self._tile)
        except NotFound:
            self._put_words(x, y, name, "is missing")
        except Unreadable:
            self._put_words(x, y, name, "cannot be read")
        else:
            across, down = (self._tile - side for side in picture.size)
            self.picture.paste(picture, (x + across // 2, y + down // 2))
        if self._caption:
            middle = y + self._tile + self._caption / 2
            self._write(Path(name).name, x + self._tile / 2, middle)

    def _put_words(self, x: int, y: int, name: str, problem: str) -> None:
        self._draw.rectangle((x, y, x + self._tile - 1, y + self._tile - 1), EMPTY)
        middle = x + self._tile / 2
        self._write(Path(name).name, middle, y + self._tile * 0.45)
        self._write(problem, middle, y + self._tile * 0.55)

    def _write(self, text: str, x: float, y: float) -> None:
        font = font_of(self._tile / 14)
        short = shortened(self._draw, text, font, self._tile * 0.95)
        self._draw.text((x, y), short, INK, font, anchor="mm")


def thumbnail(path: Path, side: int) -> Image.Image:
    """The picture in RGB, upright, at most `side` pixels each way; never enlarged.

    A JPEG is decoded no larger than need be. Raises `Unreadable`.
    """
    with decoding(path), Image.open(path) as file:
        file.draft("RGB", (2 * side, 2 * side))
        picture = turned(file)
        shown = picture_of(image_of(picture)) if is_sixteen_bit(picture) else picture
        flat = flattened(shown, GROUND)
        flat.thumbnail((side, side), Image.Resampling.LANCZOS)
        return flat
