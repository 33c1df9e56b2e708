"""EXIF by tag name, in values that JSON can hold."""

import math
from typing import Any

from PIL import ExifTags, Image

_LONGEST_TEXT = 4096


def exif_tags(image: Image.Image) -> dict[str, Any]:
    """The picture's EXIF, with those of its Exif and GPS parts, by tag name.

    Rational numbers are floats, sequences are lists, bytes are text where they are ASCII. What
    fits nothing of this, such as a maker's note, is left out.
    """
    exif = image.getexif()
    parts = (
        (exif, ExifTags.TAGS),
        (exif.get_ifd(ExifTags.IFD.Exif), ExifTags.TAGS),
        (exif.get_ifd(ExifTags.IFD.GPSInfo), ExifTags.GPSTAGS),
    )
    found = {
        names[tag]: _plain(value)
        for part, names in parts
        for tag, value in part.items()
        if tag in names
    }
    return {name: value for name, value in found.items() if value is not None}


def _plain(value: Any) -> Any:
    """`value` as JSON knows it, or None."""
    match value:
        case bool() | int():
            return value
        case str():
            return _text(value)
        case bytes():
            return _text(value.decode("ascii")) if value.isascii() else None
        case tuple() | list():
            items = [_plain(item) for item in value]
            return None if None in items else items
    try:
        number = float(value)
    except (TypeError, ValueError, ArithmeticError):
        return None
    return number if math.isfinite(number) else None


def _text(value: str) -> str | None:
    text = value.encode("utf-8", "replace").decode().strip("\0 ")
    return text if len(text) <= _LONGEST_TEXT and text.isprintable() else None
