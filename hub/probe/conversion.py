"""Pictures encoded anew: in another format, without some channels, or with another's mask."""

import io
from typing import Any

from PIL import Image, PngImagePlugin

from hub.probe.inspection import open_regular
from hub.probe.messages import Channel, Convert, Format
from hub.probe.pictures import damage_named, open_picture
from hub.probe.unopenable import Unopenable

_OPTIONS: dict[Format, dict[str, Any]] = {
    Format.WEBP: {"method": 2},
    Format.JPEG: {},
    Format.PNG: {"compress_level": 1},  # 4 takes twice the time, for files of about that size
}


def converted(request: Convert) -> bytes:
    """The picture as `request` wants it. Raises `Unopenable`."""
    picture = _loaded(request.path)
    with damage_named("The picture"):
        if request.channel is Channel.TRANSPARENCY:
            picture = _transparency(picture)
        elif request.channel is Channel.COLOURS or request.format is Format.JPEG:
            picture = picture.convert("RGB")
        elif picture.mode not in ("RGB", "RGBA"):
            picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
        options = {} if request.format is Format.PNG else {"quality": request.quality}
        return _encoded(picture, request.format, **options)


def with_alpha_of(path: bytes, mask: bytes) -> bytes:
    """A PNG of the picture with the transparency of the other one, and with the texts that the
    picture holds. Raises `Unopenable`, also if they are not of the same size."""
    picture, other = _loaded(path), _loaded(mask)
    if picture.size != other.size:
        (width, height), (other_width, other_height) = picture.size, other.size
        raise Unopenable(
            f"is {width}×{height} pixels large, and its mask {other_width}×{other_height}"
        )
    texts = PngImagePlugin.PngInfo()
    for name, text in getattr(picture, "text", {}).items():
        texts.add_text(name, text)
    with damage_named("The picture"):
        result = picture.convert("RGBA")
        result.putalpha(other.convert("RGBA").getchannel("A"))
        return _encoded(result, Format.PNG, pnginfo=texts)


def _loaded(path: bytes) -> Image.Image:
    with open_regular(path) as file:
        picture = open_picture(file)
        if picture is None:
            raise Unopenable("is not a picture that can be opened")
        with damage_named("The picture"):
            picture.load()
        return picture


def _transparency(picture: Image.Image) -> Image.Image:
    alone = Image.new("RGBA", picture.size)
    alone.putalpha(picture.convert("RGBA").getchannel("A"))
    return alone


def _encoded(picture: Image.Image, how: Format, **options: Any) -> bytes:
    content = io.BytesIO()
    picture.save(content, how.value, **_OPTIONS[how], **options)
    return content.getvalue()
