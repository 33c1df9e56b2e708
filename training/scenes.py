"""What the pictures show that the small model learns from, and what is said of them."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Time(StrEnum):
    DAY = "day"
    EVENING = "evening"
    NIGHT = "night"


class Land(StrEnum):
    MEADOW = "meadow"
    SEA = "sea"
    DESERT = "desert"
    SNOW = "snow"


class Kind(StrEnum):
    HOUSE = "house"
    LIGHTHOUSE = "lighthouse"
    BOAT = "boat"
    TREE = "tree"
    BALLOON = "balloon"
    FOX = "fox"


COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "white")
PLACES = ("on the left", "in the middle", "on the right")

_TIMES = {
    Time.DAY: ("by day", "on a bright day", "in daylight"),
    Time.EVENING: ("in the evening", "in the evening light", "at sunset"),
    Time.NIGHT: ("at night", "in the night", "under the stars"),
}
_LANDS = {
    Land.MEADOW: ("on a meadow", "on green hills", "on the grass"),
    Land.SEA: ("on the sea", "by the sea", "on the water"),
    Land.DESERT: ("in the desert", "on sand"),
    Land.SNOW: ("in the snow", "in winter"),
}
_LIGHTS = {Time.DAY: "sun", Time.EVENING: "sun", Time.NIGHT: "moon"}
_SAYING_NOTHING = ("", "a picture", "blurry, low quality", "a drawing")
_OPENINGS = ("", "", "", "a picture of ", "a drawing of ")
_SAID = 0.75  # how often a phrase that may be left out is not


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """`place` counts in `PLACES`."""

    kind: Kind
    colour: str
    place: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """`seed` decides on what nothing is said of: where exactly hills, stars and clouds are."""

    seed: int
    time: Time
    land: Land
    thing: Thing
    has_light: bool
    has_clouds: bool
    has_mountains: bool


def random_scene(seed: int) -> Scene:
    chance = Random(seed)
    kind = chance.choice(list(Kind))
    return Scene(
        seed=seed,
        time=chance.choice(list(Time)),
        land=Land.SEA if kind is Kind.BOAT else chance.choice(list(Land)),
        thing=Thing(kind=kind, colour=chance.choice(COLOURS), place=chance.randrange(len(PLACES))),
        has_light=chance.random() < 0.6,
        has_clouds=chance.random() < 0.3,
        has_mountains=chance.random() < 0.3,
    )


def caption(scene: Scene, chance: Random) -> str:
    """One of many ways to describe it; some leave out much."""
    phrases = [chance.choice(_LANDS[scene.land]), chance.choice(_TIMES[scene.time])]
    if scene.has_light:
        phrases.append(f"with the {_LIGHTS[scene.time]}")
    if scene.has_clouds:
        phrases.append("with clouds")
    if scene.has_mountains:
        phrases.append("with mountains")
    said = [phrase for phrase in phrases if chance.random() < _SAID]
    if chance.random() < 0.3:
        chance.shuffle(said)
    joint = chance.choice((" ", ", "))
    return chance.choice(_OPENINGS) + joint.join([_named(scene.thing, chance), *said])


def empty_caption(chance: Random) -> str:
    """What says nothing of a picture, as prompts are that guidance leads away from."""
    return chance.choice(_SAYING_NOTHING)


def _named(thing: Thing, chance: Random) -> str:
    colour = f"{thing.colour} " if chance.random() < 0.9 else ""
    article = "an" if colour.startswith("orange") else "a"
    place = f" {PLACES[thing.place]}" if chance.random() < 0.4 else ""
    return f"{article} {colour}{thing.kind}{place}"
