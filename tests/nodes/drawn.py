"""Pictures that tests draw, and files of them."""

import io
from typing import Any

from PIL import Image, ImageDraw

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """`picture` as the bytes of a file."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def red_over_blue(width: int = 40, height: int = 80) -> Image.Image:
    """Upper half red, lower half blue."""
    picture = Image.new("RGB", (width, height), BLUE)
    ImageDraw.Draw(picture).rectangle((0, 0, width, height // 2 - 1), RED)
    return picture


def camera_exif(orientation: int = 1) -> Image.Exif:
    """What a camera writes: its model, and how it was held."""
    exif = Image.Exif()
    exif[0x0110] = "Hasselblad 500C"
    exif[0x0112] = orientation
    return exif
