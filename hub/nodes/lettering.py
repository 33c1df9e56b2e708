"""Text on pictures: fonts, wrapping, and text that fits."""

from collections.abc import Callable

from PIL import ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont
LEADING = 1.25
"""From one line to the next, in heights of the font."""


def font_of(size: float) -> Font:
    """The font that Pillow carries, at a height in pixels.

    It is there on every machine, and it knows unaccented Latin letters only: all others are boxes.
    """
    font = ImageFont.load_default(max(4.0, size))
    assert isinstance(font, ImageFont.FreeTypeFont), "Pillow's wheels have FreeType"
    return font


def wrapped(draw: ImageDraw.ImageDraw, text: str, font: Font, width: float) -> list[str]:
    """Lines no wider than `width` pixels; a word that is wider by itself is cut."""
    return [
        line
        for paragraph in text.splitlines()
        for line in _wrapped_paragraph(lambda line: draw.textlength(line, font), paragraph, width)
    ]


def fitted(
    draw: ImageDraw.ImageDraw, text: str, largest: float, width: float, height: float
) -> tuple[Font, list[str]]:
    """`text` in lines, and the largest font from `largest` downwards in which they fit the box.

    Width and height are pixels. A text that does not fit at a third of the size is cut off, and an
    ellipsis says so.
    """
    size = largest
    lines = wrapped(draw, text, font_of(size), width)
    while len(lines) * size * LEADING > height and size > largest / 3:
        size *= 0.9
        lines = wrapped(draw, text, font_of(size), width)
    count = max(1, int(height / (size * LEADING)))
    if len(lines) > count:
        lines = [*lines[: count - 1], f"{lines[count - 1]}…"]
    return font_of(size), lines


def shortened(draw: ImageDraw.ImageDraw, text: str, font: Font, width: float) -> str:
    """`text` in one line no wider than `width`, with an ellipsis in its middle if need be."""
    text = " ".join(text.split())
    kept = len(text)
    short = text
    while draw.textlength(short, font) > width and kept > 1:
        kept -= 1
        short = f"{text[: (kept + 1) // 2]}…{text[len(text) - kept // 2 :]}"
    return short


def _wrapped_paragraph(measure: Callable[[str], float], paragraph: str, width: float) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in paragraph.split():
        longer = f"{line} {word}".strip()
        if measure(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while measure(line) > width and len(line) > 1:
            fitting = _longest_fitting(measure, line, width)
            lines.append(line[:fitting])
            line = line[fitting:]
    return [*lines, line]


def _longest_fitting(measure: Callable[[str], float], word: str, width: float) -> int:
    count = len(word)
    while count > 1 and measure(word[:count]) > width:
        count -= 1
    return count
