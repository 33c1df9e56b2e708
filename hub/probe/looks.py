"""What a picture looks like, in a few bytes."""

import math
from functools import cache
from statistics import median

from PIL import Image

from hub.probe.pictures import damage_named
from hub.probe.thumbnails import small_picture
from hub.records.media import Look

_SIDE = 32  # pixels that the hash looks at, each way
_WAVES = 8  # of the lowest frequencies, each way
_COLOURS = 8
_ENOUGH = 64  # pixels each way in which colours are counted


def look(path: bytes) -> Look:
    """The look of a picture, or of a video's first frame. Raises `Unopenable`."""
    picture = small_picture(path, 256)
    with damage_named("The picture"):
        return Look(phash=_hash(picture), dominant_color=_colour(picture))


def _hash(picture: Image.Image) -> str:
    """The signs of the lowest waves in it, measured from their median (the "pHash" of
    C. Zauner, 2010): 64 bits, of which the first, for the mean grey, is always 0."""
    grey = picture.convert("L").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    pixels = list(grey.tobytes())
    rows = [_waves(pixels[start : start + _SIDE]) for start in range(0, len(pixels), _SIDE)]
    columns = [_waves([row[wave] for row in rows]) for wave in range(_WAVES)]
    waves = [value for column in columns for value in column][1:]
    middle = median(waves)
    bits = "".join("1" if value > middle else "0" for value in waves)
    return f"{int(bits, 2):016x}"


def _waves(values: list[float] | list[int]) -> list[float]:
    """The lowest frequencies of a discrete cosine transform (type II)."""
    return [
        sum(value * factor for value, factor in zip(values, _cosines(wave), strict=True))
        for wave in range(_WAVES)
    ]


@cache
def _cosines(wave: int) -> tuple[float, ...]:
    return tuple(math.cos(math.pi * wave * (2 * place + 1) / (2 * _SIDE)) for place in range(_SIDE))


def _colour(picture: Image.Image) -> str:
    """The most frequent of a few colours that stand for all."""
    small = picture.copy()
    small.thumbnail((_ENOUGH, _ENOUGH))
    reduced = small.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT)
    counts = reduced.getcolors() or [(0, 0)]
    _, most = max(counts)
    palette = reduced.getpalette() or []
    red, green, blue = palette[3 * int(str(most)) :][:3]
    return f"#{red:02x}{green:02x}{blue:02x}"
