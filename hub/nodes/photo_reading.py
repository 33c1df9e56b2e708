"""Reads a photo with what its file says about it."""

import io
from pathlib import Path

from PIL import Image, ImageCms

from hub.nodes.opening import decoding, turned
from hub.nodes.photo_metadata import PhotoMetadata, exif_of

_RGB_SPACE = b"RGB "
_SPACE_OF_MODE = {"CMYK": b"CMYK", "L": b"GRAY"}


def read_photo(path: Path) -> tuple[Image.Image, PhotoMetadata]:
    """The first picture of the file, upright, in the colours of the profile in its metadata.

    Without a profile that means sRGB. Raises `Unreadable` if the file cannot be decoded.
    """
    with decoding(path), Image.open(path) as file:
        file.load()
        exif = exif_of(file)  # before turning, which writes it anew
        picture, profile = _in_rgb(turned(file), file.info.get("icc_profile") or b"")
        return picture, PhotoMetadata(exif=exif, icc_profile=profile, xmp=_xmp(picture))


def _in_rgb(picture: Image.Image, profile: bytes) -> tuple[Image.Image, bytes]:
    """An RGB profile stays with its picture; one of inks or greys is applied and done with."""
    space = profile[16:20]
    if space == _RGB_SPACE:
        return picture, profile
    if not space or space != _SPACE_OF_MODE.get(picture.mode):
        return picture, b""
    try:
        converted = ImageCms.profileToProfile(
            picture, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except ImageCms.PyCMSError:
        return picture, b""  # a broken profile says nothing about the colours
    assert converted is not None, "only conversions in place give nothing"
    return converted, b""


def _xmp(picture: Image.Image) -> bytes:
    """As turning left it: the orientation is gone from it."""
    found = picture.info.get("xmp", b"")
    return found.encode() if isinstance(found, str) else found
