"""What a photo file says of itself: EXIF, colour profile, XMP."""

import io
from dataclasses import dataclass

from PIL import Image, ImageCms

_ORIENTATION = 0x0112


@dataclass(frozen=True, slots=True)
class PhotoMetadata:
    """As bytes, ready to be written again. The EXIF orientation is 1: the pixels are upright."""

    exif: bytes | None = None
    icc_profile: bytes | None = None
    xmp: bytes | None = None


def metadata_of(picture: Image.Image) -> PhotoMetadata:
    """What an opened file carries."""
    exif = picture.getexif()
    if _ORIENTATION in exif:
        exif[_ORIENTATION] = 1
    profile, xmp = picture.info.get("icc_profile"), picture.info.get("xmp")
    return PhotoMetadata(
        exif=exif.tobytes() if len(exif) else None,
        icc_profile=profile if isinstance(profile, bytes) else None,
        xmp=xmp if isinstance(xmp, bytes) else None,
    )


def in_rgb(picture: Image.Image, metadata: PhotoMetadata) -> tuple[Image.Image, PhotoMetadata]:
    """A CMYK picture in sRGB, without the profile that no longer fits; others as they are."""
    if picture.mode != "CMYK":
        return picture, metadata
    without = PhotoMetadata(exif=metadata.exif, xmp=metadata.xmp)
    if metadata.icc_profile is None:
        return picture.convert("RGB"), without
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(metadata.icc_profile))
        srgb = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(picture, profile, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return picture.convert("RGB"), without
    assert converted is not None
    return converted, without
