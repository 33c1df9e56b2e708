"""`media`: what the probe found out about the picture, video or sound. Not in Home Assistant."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated, Any, ClassVar

from msgspec import Meta, field

from hub.automations.conditions.base import Condition, Ruling, Situation
from hub.config.fields import ByteCount, OneOrMany
from hub.errors import Invalid
from hub.records.media import MediaKind

Count = Annotated[int, Meta(ge=0)]
Amount = Annotated[float, Meta(ge=0)]
_SPANS = ("width", "height", "ratio", "size", "duration", "fps", "frames")


class Orientation(StrEnum):
    """How a picture stands."""

    LANDSCAPE = "landscape"
    PORTRAIT = "portrait"
    SQUARE = "square"


class NoMedia(Invalid):
    """A media condition is asked about an event without any."""

    def __init__(self, platform: str) -> None:
        super().__init__(
            f"the event of the {platform} trigger has no picture, video or sound to look at"
        )


class MediaCondition(
    Condition,
    frozen=True,
    kw_only=True,
    tag_field="condition",
    tag="media",
    rename={"wanted_kind": "kind"},
):
    """All of what is asked holds of the file. Both ends of a span are included."""

    kind: ClassVar[str] = "media"

    wanted_kind: Annotated[
        OneOrMany[MediaKind], Meta(description="image, video or audio; several may be listed.")
    ] = field(default_factory=list)
    min_width: Annotated[Count | None, Meta(description="Pixels.")] = None
    max_width: Annotated[Count | None, Meta(description="Pixels.")] = None
    min_height: Annotated[Count | None, Meta(description="Pixels.")] = None
    max_height: Annotated[Count | None, Meta(description="Pixels.")] = None
    min_ratio: Annotated[Amount | None, Meta(description="Width divided by height.")] = None
    max_ratio: Annotated[Amount | None, Meta(description="Width divided by height.")] = None
    orientation: Annotated[
        Orientation | None, Meta(description="landscape, portrait or square.")
    ] = None
    alpha: Annotated[bool | None, Meta(description="Whether it has transparency.")] = None
    min_size: Annotated[ByteCount | None, Meta(description="Of the file, such as 2 MB.")] = None
    max_size: Annotated[ByteCount | None, Meta(description="Of the file, such as 50 MB.")] = None
    min_duration: Annotated[timedelta | None, Meta(description="Such as 10s.")] = None
    max_duration: Annotated[timedelta | None, Meta(description="Such as 5 min.")] = None
    min_fps: Annotated[Amount | None, Meta(description="Frames per second.")] = None
    max_fps: Annotated[Amount | None, Meta(description="Frames per second.")] = None
    min_frames: Annotated[Count | None, Meta(description="How many pictures it holds.")] = None
    max_frames: Annotated[Count | None, Meta(description="How many pictures it holds.")] = None
    exif: Annotated[
        dict[str, str],
        Meta(description="Patterns for tags, such as `Model: 'iPhone*'`; `*` wants any value."),
    ] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if all(getattr(self, name) in (None, [], {}) for name in _ASKED):
            raise ValueError("A media condition needs something that it asks of the file.")
        for name in _SPANS:
            least, most = (getattr(self, f"{end}_{name}") for end in ("min", "max"))
            if least is not None and most is not None and least > most:
                raise ValueError(f"`min_{name}` is more than `max_{name}`, so no file fits.")

    async def judge(self, situation: Situation) -> Ruling:
        trigger = situation.event.variables
        media = trigger.get("media")
        if not isinstance(media, Mapping) or media.get("kind") is None:
            raise NoMedia(situation.event.platform)
        rulings = list(self._rulings({**media, "size": trigger.get("size")}))
        refused = [ruling for ruling in rulings if not ruling.holds]
        details = "; ".join(ruling.details for ruling in refused or rulings)
        return Ruling(holds=not refused, details=details or "nothing is asked")

    def _rulings(self, facts: Mapping[str, Any]) -> Iterator[Ruling]:
        width, height = facts.get("width"), facts.get("height")
        ratio = width / height if width and height else None
        if self.wanted_kind:
            yield _one_of("kind", facts["kind"], self.wanted_kind)
        if self.orientation:
            yield _one_of("orientation", _orientation(ratio), [self.orientation])
        if self.alpha is not None:
            found = "transparency" if facts.get("alpha") else "no transparency"
            yield Ruling(holds=bool(facts.get("alpha")) is self.alpha, details=f"it has {found}")
        for name in _SPANS:
            value = ratio if name == "ratio" else facts.get(name)
            yield from self._span(name, value)
        for tag, pattern in self.exif.items():
            yield _matches(tag, facts.get("exif", {}).get(tag), pattern)

    def _span(self, name: str, value: float | None) -> Iterator[Ruling]:
        for limit, words, sign in (
            (_number(getattr(self, f"min_{name}")), "at least", 1),
            (_number(getattr(self, f"max_{name}")), "at most", -1),
        ):
            if limit is None:
                continue
            if value is None:
                yield Ruling(
                    holds=False, details=f"the {name} is unknown, {words} {limit:g} wanted"
                )
            else:
                details = f"the {name} is {value:.6g}, {words} {limit:.6g} wanted"
                yield Ruling(holds=(value - limit) * sign >= 0, details=details)


_ASKED = tuple(
    name for name in MediaCondition.__struct_fields__ if name not in Condition.__struct_fields__
)


def _number(limit: float | timedelta | None) -> float | None:
    return limit.total_seconds() if isinstance(limit, timedelta) else limit


def _orientation(ratio: float | None) -> Orientation | None:
    if ratio is None:
        return None
    if ratio == 1:
        return Orientation.SQUARE
    return Orientation.LANDSCAPE if ratio > 1 else Orientation.PORTRAIT


def _one_of(name: str, found: str | None, wanted: list[Any]) -> Ruling:
    details = f"the {name} is {found or 'unknown'}, {' or '.join(wanted)} wanted"
    return Ruling(holds=found in wanted, details=details)


def _matches(tag: str, value: Any, pattern: str) -> Ruling:
    if value is None:
        return Ruling(holds=False, details=f"there is no EXIF {tag}")
    holds = fnmatchcase(str(value).lower(), pattern.lower())
    return Ruling(holds=holds, details=f"EXIF {tag} is {value!r}, {pattern!r} wanted")
