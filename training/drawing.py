"""Draws scenes as pixel art of 20×20, in which one pixel is one of a latent."""

from collections.abc import Callable, Sequence
from random import Random

from PIL import Image, ImageColor, ImageDraw

from training.scenes import Kind, Land, Scene, Time

SIZE = 20
HORIZON = 12
GROUND = 18  # where things stand
Colour = tuple[int, int, int]
Point = tuple[int, int]

_SKIES = {
    Time.DAY: ("#4f9fe0", "#c4e4f6"),
    Time.EVENING: ("#5b3f8c", "#ffab5e"),
    Time.NIGHT: ("#0b1433", "#2a3d73"),
}
_LANDS = {
    Land.MEADOW: ("#7cc46a", "#4f9d4a"),
    Land.SEA: ("#3f8fc4", "#236a9f"),
    Land.DESERT: ("#ecc984", "#d9a75a"),
    Land.SNOW: ("#f4f8fc", "#d0deec"),
}
_MOUNTAINS = {Time.DAY: "#8794ab", Time.EVENING: "#70507f", Time.NIGHT: "#202c58"}
_SHADES = {
    Time.DAY: ("#ffffff", 0.0),
    Time.EVENING: ("#8a3f6b", 0.25),
    Time.NIGHT: ("#0b1440", 0.5),
}
_PAINTS = {
    "red": "#d8342f",
    "orange": "#f08a24",
    "yellow": "#f5d03a",
    "green": "#2fa04a",
    "blue": "#2f62d0",
    "purple": "#8a3fb8",
    "white": "#f7f4ec",
}
_COLUMNS = (1, 6, 11)  # the left edges of what stands left, middle and right
_STARS = ((1, 2), (4, 6), (7, 1), (10, 5), (13, 2), (16, 6), (18, 1))
_WAVES = ((1, 14), (13, 13), (8, 16), (15, 17), (2, 18), (11, 19))


class Canvas:
    """Shapes in pixels. `tint` gives colours of what stands on the ground in the light there is."""

    def __init__(self, scene: Scene) -> None:
        self.image = Image.new("RGB", (SIZE, SIZE))
        self.is_dark = scene.time is not Time.DAY
        self._draw = ImageDraw.Draw(self.image)
        self._shade = _SHADES[scene.time]

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        self._draw.polygon(points, fill=colour)

    def box(self, left: int, top: int, width: int, height: int, colour: Colour) -> None:
        self._draw.rectangle((left, top, left + width - 1, top + height - 1), fill=colour)

    def tint(self, colour: str | Colour, strength: float = 1.0) -> Colour:
        shade, share = self._shade
        return mixed(colour, shade, share * strength)


def draw(scene: Scene) -> Image.Image:
    canvas = Canvas(scene)
    _sky(canvas, scene)
    if scene.has_mountains:
        _mountains(canvas, scene)
    _land(canvas, scene)
    left = _COLUMNS[scene.thing.place]
    if scene.land is Land.SEA and scene.thing.kind not in (Kind.BOAT, Kind.BALLOON):
        canvas.box(left - 1, GROUND, 10, 1, canvas.tint("#e3c27f"))
        canvas.box(left, GROUND + 1, 8, 1, canvas.tint("#e3c27f"))
    _DRAWN[scene.thing.kind](canvas, left, canvas.tint(_PAINTS[scene.thing.colour], 0.45))
    return canvas.image


def mixed(first: str | Colour, second: str | Colour, share: float) -> Colour:
    """`share` of the second colour in the first."""
    pairs = zip(_rgb(first), _rgb(second), strict=True)
    red, green, blue = (round(a + (b - a) * share) for a, b in pairs)
    return red, green, blue


def _rgb(colour: str | Colour) -> Colour:
    if isinstance(colour, str):
        red, green, blue = ImageColor.getrgb(colour)[:3]
        return red, green, blue
    return colour


def _sky(canvas: Canvas, scene: Scene) -> None:
    top, bottom = _SKIES[scene.time]
    bands, height = 4, 3
    for band in range(bands):
        colour = mixed(top, bottom, band / (bands - 1))
        canvas.box(0, band * height, SIZE, height, colour)
    if scene.time is Time.NIGHT:
        for x, y in _STARS:
            canvas.box(x, y, 1, 1, (240, 235, 200))
    chance = Random(scene.seed)
    if scene.has_light:
        _light(canvas, scene, chance.choice((1, 8, 15)))
    if scene.has_clouds:
        x, colour = chance.choice((0, 5, 11)), canvas.tint("#fbfdff", 0.8)
        canvas.box(x + 2, 1, 3, 1, colour)
        canvas.box(x, 2, 7, 2, colour)


def _light(canvas: Canvas, scene: Scene, x: int) -> None:
    colour = {
        Time.DAY: (255, 221, 87),
        Time.EVENING: (255, 112, 67),
        Time.NIGHT: (245, 240, 205),
    }[scene.time]
    y = HORIZON - 3 if scene.time is Time.EVENING else 1
    canvas.box(x + 1, y, 2, 4, colour)
    canvas.box(x, y + 1, 4, 2, colour)


def _mountains(canvas: Canvas, scene: Scene) -> None:
    colour = _rgb(_MOUNTAINS[scene.time])
    snow = mixed("#ffffff", colour, 0.4 if canvas.is_dark else 0.15)
    for x, height in ((3, 5), (10, 7), (17, 6)):
        top = HORIZON - height
        canvas.polygon([(x - height, HORIZON), (x, top), (x + height, HORIZON)], colour)
        canvas.polygon([(x - 1, top + 1), (x, top), (x + 1, top + 1)], snow)


def _land(canvas: Canvas, scene: Scene) -> None:
    far, near = (canvas.tint(colour) for colour in _LANDS[scene.land])
    canvas.box(0, HORIZON, SIZE, SIZE - HORIZON, far)
    if scene.land is Land.SEA:
        for x, y in _WAVES:
            canvas.box(x, y, 3, 1, mixed(far, "#ffffff", 0.3))
    else:
        canvas.box(4, 15, 12, 1, near)
        canvas.box(1, 16, 18, 1, near)
        canvas.box(0, 17, SIZE, 3, near)


def _house(canvas: Canvas, x: int, colour: Colour) -> None:
    canvas.box(x + 1, 13, 6, 5, colour)
    roof = canvas.tint("#6b4436")
    for step in range(3):
        canvas.box(x + 2 - step, 10 + step, 4 + 2 * step, 1, roof)
    canvas.box(x + 3, 15, 2, 3, canvas.tint("#4a3026"))
    window = (255, 225, 120) if canvas.is_dark else (205, 232, 245)
    for side in (2, 5):
        canvas.box(x + side, 14, 1, 1, window)


def _lighthouse(canvas: Canvas, x: int, colour: Colour) -> None:
    white = canvas.tint("#f4efe4")
    for number, (inset, y) in enumerate(((2, 16), (2, 14), (2, 12), (3, 10), (3, 8))):
        canvas.box(x + inset, y, 8 - 2 * inset, 2, white if number % 2 else colour)
    glow = (255, 236, 130) if canvas.is_dark else (225, 235, 240)
    canvas.box(x + 3, 6, 2, 2, glow)
    canvas.box(x + 2, 5, 4, 1, colour)


def _boat(canvas: Canvas, x: int, colour: Colour) -> None:
    canvas.box(x + 3, 8, 1, 8, canvas.tint("#5b3b2a"))
    sail = canvas.tint("#fbf6ea", 0.7)
    for step in range(5):
        canvas.box(x + 4, 9 + step, 1 + step * 3 // 4, 1, sail)
    for step in range(3):
        canvas.box(x + 2 - step, 11 + step, 1 + step, 1, sail)
    canvas.box(x, 15, 8, 1, colour)
    canvas.box(x, 16, 8, 1, colour)
    canvas.box(x + 1, 17, 6, 1, colour)


def _tree(canvas: Canvas, x: int, colour: Colour) -> None:
    canvas.box(x + 3, 14, 2, 4, canvas.tint("#6b4a30"))
    dark = mixed(colour, "#000000", 0.2)
    canvas.box(x + 2, 7, 4, 8, dark)
    canvas.box(x + 1, 8, 6, 6, dark)
    canvas.box(x + 2, 7, 3, 1, colour)
    canvas.box(x + 1, 8, 4, 4, colour)


def _balloon(canvas: Canvas, x: int, colour: Colour) -> None:
    light = mixed(colour, "#ffffff", 0.4)
    canvas.box(x + 2, 0, 4, 8, colour)
    canvas.box(x + 1, 1, 6, 5, colour)
    canvas.box(x + 3, 0, 2, 8, light)
    canvas.box(x + 3, 9, 2, 2, canvas.tint("#7a5230"))


def _fox(canvas: Canvas, x: int, colour: Colour) -> None:
    white, dark = canvas.tint("#fbf6ea", 0.6), mixed(colour, "#000000", 0.35)
    canvas.box(x, 12, 1, 3, colour)
    canvas.box(x, 11, 1, 1, white)
    canvas.box(x, 14, 6, 2, colour)
    for leg in (0, 2, 5):
        canvas.box(x + leg, 16, 1, 2, dark)
    canvas.box(x + 4, 11, 4, 3, colour)
    for ear in (4, 7):
        canvas.box(x + ear, 10, 1, 1, colour)
        canvas.box(x + ear, 12, 1, 1, (30, 24, 30))
    canvas.box(x + 5, 13, 2, 1, white)


_DRAWN: dict[Kind, Callable[[Canvas, int, Colour], None]] = {
    Kind.HOUSE: _house,
    Kind.LIGHTHOUSE: _lighthouse,
    Kind.BOAT: _boat,
    Kind.TREE: _tree,
    Kind.BALLOON: _balloon,
    Kind.FOX: _fox,
}
