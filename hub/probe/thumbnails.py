"""Small pictures of pictures and videos."""

import io
from typing import Any, BinaryIO, cast

import av
from PIL import Image, ImageOps

from hub.probe.inspection import open_regular
from hub.probe.pictures import damage_named, open_picture
from hub.probe.recordings import FORMATS
from hub.probe.unopenable import Unopenable

_GROUND = (255, 255, 255)  # what transparent pictures are laid on
_QUALITY = 82


def thumbnail(path: bytes, longest_side: int) -> bytes:
    """A JPEG of at most `longest_side` pixels each way, upright, without transparency.

    Raises `Unopenable` if the file is neither a picture nor a video.
    """
    content = io.BytesIO()
    small_picture(path, longest_side).save(content, "JPEG", quality=_QUALITY)
    return content.getvalue()


def small_picture(path: bytes, longest_side: int) -> Image.Image:
    """The same as a picture. Raises `Unopenable`."""
    with open_regular(path) as file:
        image = open_picture(file) or _first_frame(file)
        with damage_named("The picture"):
            return _shrunk(image, longest_side)


def _shrunk(image: Image.Image, longest_side: int) -> Image.Image:
    image.draft("RGB", (longest_side, longest_side))  # lets JPEG decode at a fraction of its size
    if image.has_transparency_data:
        ground = Image.new("RGBA", image.size, _GROUND)
        image = Image.alpha_composite(ground, image.convert("RGBA"))
    upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((longest_side, longest_side))
    return upright


def _first_frame(file: BinaryIO) -> Image.Image:
    file.seek(0)
    try:
        with av.open(file, "r", options={"format_whitelist": FORMATS}) as container:
            frame: Any = next(container.decode(video=0))  # to_image has no types
            return cast(Image.Image, frame.to_image())
    except (av.FFmpegError, UnicodeError, IndexError, StopIteration):
        raise Unopenable("is not a picture or video that can be opened") from None
