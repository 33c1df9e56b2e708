"""A drawn landscape: sky, sun, clouds, and ridges that grow darker the nearer they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageColor, ImageDraw

RIDGES = 4
BENDS = 6  # so many times a ridge is bent between its ends, each time finer
Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Light:
    """The colours of an hour: of the sky above and at the horizon, of the sun, and of ridges."""

    zenith: str
    horizon: str
    sun: str
    far: str
    near: str


HOURS = (
    Light(zenith="#4f97d8", horizon="#e6f2f7", sun="#fffbe8", far="#8fb3c4", near="#1f4a3a"),
    Light(zenith="#6a5fa8", horizon="#ffc48a", sun="#fff1c4", far="#b9788c", near="#2b1f3f"),
    Light(zenith="#8fb8d8", horizon="#fde4dc", sun="#ffffff", far="#b7b3cc", near="#3a4766"),
    Light(zenith="#3f8fb4", horizon="#fbe9c0", sun="#fff6d0", far="#d9a877", near="#6a3620"),
    Light(zenith="#7fc4c9", horizon="#f6f7e4", sun="#fffde0", far="#8dbb9a", near="#1d4a2c"),
)


def landscape(seed: int, size: tuple[int, int]) -> Image.Image:
    """An RGB picture of `size` (width, height) pixels, brighter above than below. Seeds that follow
    one another give different hours."""
    chance = Random(seed)  # noqa: S311 - the same picture for the same seed
    light = HOURS[seed % len(HOURS)]
    picture = _sky(light, size)
    _shine(picture, light, chance)
    _cover(picture, light, chance)
    for ridge in range(RIDGES):
        _raise(picture, light, ridge / (RIDGES - 1), chance)
    return picture


def _sky(light: Light, size: tuple[int, int]) -> Image.Image:
    down = Image.linear_gradient("L").resize(size)
    return Image.composite(_plain(light.horizon, size), _plain(light.zenith, size), down)


def _shine(picture: Image.Image, light: Light, chance: Random) -> None:
    """The sun, with a glow around it."""
    width, height = picture.size
    x, y = width * chance.uniform(0.2, 0.8), height * chance.uniform(0.22, 0.38)
    glow = Image.radial_gradient("L").point([max(0, 150 - level) for level in range(256)])
    disc = Image.new("L", (128, 128))
    ImageDraw.Draw(disc).ellipse((2, 2, 125, 125), fill=255)
    for mask, share in ((glow, 0.9), (disc, 0.09)):
        side = max(1, round(min(width, height) * share))
        shape = mask.resize((side, side), Image.Resampling.BICUBIC)
        picture.paste(light.sun, (round(x - side / 2), round(y - side / 2)), shape)


def _cover(picture: Image.Image, light: Light, chance: Random) -> None:
    """Thin clouds, drawn out sidewards."""
    width, height = picture.size
    for rows, most in ((9, 110), (24, 60)):
        flecks = Image.frombytes("L", (rows // 2, rows), chance.randbytes(rows // 2 * rows))
        thin = flecks.point([max(0, level - 140) * most // 115 for level in range(256)])
        veil = thin.resize((width, max(1, height // 2)), Image.Resampling.BICUBIC)
        picture.paste(light.sun, (0, 0), veil)


def _raise(picture: Image.Image, light: Light, nearness: float, chance: Random) -> None:
    """A ridge across the picture, from the farthest (0) to the nearest (1)."""
    width, height = picture.size
    foot = 0.5 + 0.36 * nearness
    roughness = 0.2 - 0.09 * nearness
    left, right = (foot - chance.uniform(0, roughness) for _ in range(2))
    line = [(0.0, left), *_bent((0.0, left), (1.0, right), roughness, BENDS, chance)]
    outline = [(x * width, y * height) for x, y in line]
    colour = _mixed(light.far, light.near, nearness)
    ImageDraw.Draw(picture).polygon([*outline, (width, height), (0, height)], fill=colour)


def _bent(left: Point, right: Point, by: float, bends: int, chance: Random) -> Iterator[Point]:
    """The points after `left`: the middle is moved up or down, then each half in the same way."""
    if not bends:
        yield right
        return
    middle = ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2 + chance.uniform(-by, by) / 2)
    yield from _bent(left, middle, by * 0.52, bends - 1, chance)
    yield from _bent(middle, right, by * 0.52, bends - 1, chance)


def _plain(colour: str, size: tuple[int, int]) -> Image.Image:
    return Image.new("RGB", size, colour)


def _mixed(first: str, second: str, share: float) -> tuple[int, ...]:
    pairs = zip(ImageColor.getrgb(first), ImageColor.getrgb(second), strict=True)
    return tuple(round(a + (b - a) * share) for a, b in pairs)
