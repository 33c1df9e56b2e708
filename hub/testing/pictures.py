"""Photograph-like pictures: landscapes with fine noise, and what cameras write beside the pixels.

The upper half of an upright picture is brighter than the lower, as under a sky; so whoever looks at
a result can tell which way up it is. The same seed gives the same picture.
"""

import random
from pathlib import Path

from PIL import ExifTags, Image, ImageChops, ImageCms, ImageDraw

from hub.testing.landscape import landscape

CAMERA: dict[int, str] = {
    ExifTags.Base.Make: "Pinhole Works",
    ExifTags.Base.Model: "Shoebox 1",
    ExifTags.Base.DateTime: "2026:01:15 12:00:00",
}
NOISE = 24  # of 256 levels, from darkest to brightest

_STORED_AS = {1: None, 3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90}


def photograph(seed: int, size: tuple[int, int]) -> Image.Image:
    """An upright RGB picture of `size` (width, height) pixels."""
    picture = landscape(seed, size)
    chance = random.Random(seed)  # noqa: S311 - the same picture for the same seed
    noise = Image.frombytes("L", size, chance.randbytes(size[0] * size[1]))
    noise = noise.point([level * NOISE // 256 for level in range(256)])
    return ImageChops.add(picture, noise.convert("RGB"), offset=-NOISE // 2)


def write_photograph(
    path: Path, *, seed: int, size: tuple[int, int] = (3000, 2000), orientation: int = 1
) -> None:
    """A JPEG as from a camera: EXIF and an sRGB profile beside the pixels.

    `size` is that of the stored pixels. Orientation 6 is a camera held upright: viewers turn the
    picture a quarter clockwise. 3 is one upside down. Others are not made.
    """
    turn = _STORED_AS[orientation]
    width, height = size
    upright = photograph(seed, (height, width) if orientation == 6 else size)
    stored = upright if turn is None else upright.transpose(turn)
    exif = Image.Exif()
    exif.update(CAMERA)
    exif[ExifTags.Base.Orientation] = orientation
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    stored.save(path, "JPEG", quality=90, exif=exif, icc_profile=profile)


def write_cutout(path: Path, *, seed: int, size: tuple[int, int] = (3000, 2000)) -> None:
    """A PNG of which only an ellipse in the middle is opaque, softly cut."""
    picture = photograph(seed, size)
    small = Image.new("L", (size[0] // 16, size[1] // 16))
    ImageDraw.Draw(small).ellipse((0, 0, small.width - 1, small.height - 1), fill=255)
    picture.putalpha(small.resize(size))
    picture.save(path, "PNG", compress_level=1)
