"""Text on pictures: fonts, wrapping, and text that fits."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice

from font_source_sans_pro import font_files_ttf
from PIL import ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont
LEADING = 1.25
"""From one line to the next, in heights of the font."""


def font_of(size: float) -> Font:
    """Source Sans at a height in pixels.

    It is there on every machine, and knows Latin, Greek and Cyrillic letters; others are boxes.
    """
    return ImageFont.truetype(font_files_ttf["SourceSansPro"], max(4.0, size))


def wrapped(draw: ImageDraw.ImageDraw, text: str, font: Font, width: float) -> Iterator[str]:
    """Lines no wider than `width` pixels; a word that is wider by itself is cut.

    They are made one by one, so that of a long text only what is needed is measured.
    """
    for paragraph in text.splitlines():
        line = ""
        for piece, glue in _pieces(draw, paragraph, font, width):
            longer = f"{line}{glue}{piece}" if line else piece
            if draw.textlength(longer, font) <= width:
                line = longer
                continue
            if line:
                yield line
            line = piece
        yield line


def fitted(
    draw: ImageDraw.ImageDraw, text: str, largest: float, width: float, height: float
) -> tuple[Font, list[str]]:
    """`text` in lines, and the largest font from `largest` downwards in which they fit the box.

    Width and height are pixels. A text that does not fit at a third of the size is cut off, and an
    ellipsis says so.
    """
    size = largest
    while True:
        font = font_of(size)
        count = max(1, int(height / (font.size * LEADING)))
        lines = list(islice(wrapped(draw, text, font, width), count + 1))
        if len(lines) <= count:
            return font, lines
        if size <= largest / 3:
            return font, [*lines[: count - 1], f"{lines[count - 1]}…"]
        size *= 0.9


def shortened(draw: ImageDraw.ImageDraw, text: str, font: Font, width: float) -> str:
    """`text` in one line no wider than `width`, with an ellipsis in its middle if need be."""
    text = " ".join(text.split())
    if draw.textlength(text, font) <= width:
        return text
    kept = bisect_right(
        range(1, len(text)),
        width,
        key=lambda count: draw.textlength(_middle_out(text, count), font),
    )
    return _middle_out(text, max(1, kept))


def _pieces(
    draw: ImageDraw.ImageDraw, paragraph: str, font: Font, width: float
) -> Iterator[tuple[str, str]]:
    """Words, those too wide in parts, each with what joins it to the one before."""
    for word in paragraph.split():
        glue, piece = " ", ""
        for letter in word:
            if piece and draw.textlength(piece + letter, font) > width:
                yield piece, glue
                glue, piece = "", ""
            piece += letter
        yield piece, glue


def _middle_out(text: str, count: int) -> str:
    """`text` with so many letters of it left, at both ends."""
    return f"{text[: (count + 1) // 2]}…{text[len(text) - count // 2 :]}"
