"""What a photo file says of itself: EXIF, colour profile, XMP."""

import struct
from dataclasses import dataclass

from PIL import ExifTags, Image

_HEADER = b"Exif\x00\x00"
_BYTE_ORDERS = {b"II": "<", b"MM": ">"}
_SHORT = 3  # TIFF's number for the type of 16-bit values
_DESCRIPTIVE = (
    ExifTags.Base.ImageDescription,
    ExifTags.Base.Make,
    ExifTags.Base.Model,
    ExifTags.Base.Software,
    ExifTags.Base.DateTime,
    ExifTags.Base.Artist,
    ExifTags.Base.Copyright,
)
_SUB_DIRECTORIES = (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo)


@dataclass(frozen=True, kw_only=True, slots=True)
class PhotoMetadata:
    """The blocks as they stand in files, ready to be written again; empty where there is none.

    The EXIF orientation is 1: the pixels are upright.
    """

    exif: bytes = b""
    icc_profile: bytes = b""
    xmp: bytes = b""


def exif_of(picture: Image.Image) -> bytes:
    """The EXIF block of a decoded, not yet turned picture, as it is right for the upright one."""
    block: bytes | None = picture.info.get("exif")
    if block:
        return upright_exif(_HEADER + block.removeprefix(_HEADER))
    return _described(picture.getexif()) if picture.format == "TIFF" else b""


def upright_exif(exif: bytes) -> bytes:
    """`exif` with orientation 1; all else stays as it is, byte for byte.

    Writing the block anew instead would break the offsets inside maker notes. A block that is not
    understood is returned as it is: then nobody turned the picture by it either.
    """
    block = bytearray(exif)
    start = len(_HEADER)
    order = _BYTE_ORDERS.get(exif[start : start + 2])
    if order is None:
        return exif
    try:
        (directory,) = struct.unpack_from(f"{order}I", block, start + 4)
        (entries,) = struct.unpack_from(f"{order}H", block, start + directory)
        for number in range(entries):
            place = start + directory + 2 + 12 * number
            if struct.unpack_from(f"{order}H", block, place)[0] == ExifTags.Base.Orientation:
                struct.pack_into(f"{order}HIHH", block, place + 2, _SHORT, 1, 1, 0)
    except struct.error:
        return exif
    return bytes(block)


def _described(tags: Image.Exif) -> bytes:
    """The descriptive ones among a TIFF's tags; the others say how that file is laid out."""
    kept = Image.Exif()
    for tag in _DESCRIPTIVE:
        if tag in tags:
            kept[tag] = tags[tag]
    for directory in _SUB_DIRECTORIES:
        if entries := tags.get_ifd(directory):
            kept[directory] = entries
    return kept.tobytes() if len(kept) else b""
