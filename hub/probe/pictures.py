"""Pictures, through Pillow: every frame decoded to its end."""

import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from PIL import Image, ImageFile, ImageSequence

from hub.probe.endings import is_cut_off
from hub.probe.exif import exif_tags
from hub.probe.unopenable import Unopenable
from hub.records.media import Media, MediaKind

# Formats with a signature that no text has, and none whose reader starts other programs (EPS).
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP", "JPEG2000", "PPM")

ImageFile.LOAD_TRUNCATED_IMAGES = False

# All that Pillow's readers have been seen to raise when given damaged files.
_DAMAGE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
_BOMB = (Image.DecompressionBombWarning, Image.DecompressionBombError)
_NAMES = {"WEBP": "WebP", "MPO": "JPEG", "JPEG2000": "JPEG 2000"}
_TURNED = range(5, 9)  # EXIF orientations that exchange width and height
_ORIENTATION = 0x0112


def inspect_picture(file: BinaryIO) -> Media | None:
    """What the picture is; None if it is none that can be recognised.

    Width and height are those of the picture as people see it, after EXIF orientation. Raises
    `Unopenable` for a picture that is damaged, ends early or has too many pixels.
    """
    image = open_picture(file)
    if image is None:
        return None
    name = _name_of(image)
    with image, damage_named(name):
        alpha = image.has_transparency_data
        width, height = image.size
        if image.getexif().get(_ORIENTATION) in _TURNED:
            width, height = height, width
        exif = exif_tags(image)
        frames = _decode_frames(image)
        if is_cut_off(file, name):
            raise Unopenable(f"{name} ends early")
    return Media(
        kind=MediaKind.IMAGE,
        format=name.replace(" ", "").lower(),
        width=width,
        height=height,
        frames=frames,
        alpha=alpha,
        exif=exif,
    )


def open_picture(file: BinaryIO) -> Image.Image | None:
    """The picture in `file`, not yet decoded; None if the beginning is not that of a picture.

    Raises `Unopenable` if it has too many pixels.
    """
    file.seek(0)
    try:
        return Image.open(file, formats=FORMATS)
    except _BOMB as error:
        raise Unopenable(_too_many_pixels(str(error))) from None
    except _DAMAGE:
        return None


@contextmanager
def damage_named(name: str) -> Iterator[None]:
    """Turns what Pillow raises while it decodes a picture into `Unopenable`."""
    try:
        yield
    except _BOMB as error:
        raise Unopenable(_too_many_pixels(str(error))) from None
    except _DAMAGE as error:
        early = isinstance(error, EOFError) or "truncated" in str(error).lower()
        raise Unopenable(f"{name} {'ends early' if early else 'is damaged'}") from None


def _name_of(image: Image.Image) -> str:
    return _NAMES.get(image.format or "", image.format or "")


def _decode_frames(image: Image.Image) -> int:
    count = 0
    for frame in ImageSequence.Iterator(image):
        frame.load()
        count += 1
    return count


def _too_many_pixels(message: str) -> str:
    found = re.search(r"\((\d+) pixels\)", message)
    pixels = f"{int(found[1]) / 1e6:.0f} million" if found else "its number of"
    limit = (Image.MAX_IMAGE_PIXELS or 0) / 1e6
    return f"{pixels} pixels is more than the {limit:.0f} million that are opened"
