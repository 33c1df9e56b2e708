"""Colours that people write, and pictures laid on one."""

from PIL import Image, ImageColor

from hub.errors import Invalid

Colour = tuple[int, int, int]


class UnknownColour(Invalid):
    """A colour was written in a way that is not known."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is no colour. Write a name such as white, or #rrggbb.")


def colour(text: str) -> Colour:
    """Red, green and blue (0…255) of a CSS colour. Raises `UnknownColour`."""
    try:
        red, green, blue, *_alpha = ImageColor.getrgb(text.strip())
    except ValueError:
        raise UnknownColour(text) from None
    return red, green, blue


def flattened(picture: Image.Image, ground: Colour) -> Image.Image:
    """A picture of any 8-bit mode as RGB, on `ground` where it is transparent."""
    if not picture.has_transparency_data:
        return picture if picture.mode == "RGB" else picture.convert("RGB")
    layer = picture.convert("RGBA")
    page = Image.new("RGB", picture.size, ground)
    page.paste(layer, mask=layer.getchannel("A"))
    return page
