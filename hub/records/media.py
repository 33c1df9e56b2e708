"""What the probe found when it opened a file."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class MediaKind(StrEnum):
    """Kinds of media the hub tells apart."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"


@dataclass(frozen=True, kw_only=True, slots=True)
class Media:
    """A decoded file's facts: pixels, seconds, frames per second; EXIF by tag name."""

    kind: MediaKind
    format: str
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    fps: float | None = None
    frames: int | None = None
    alpha: bool = False
    exif: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspection:
    """A file as the probe saw it. Whole media has `media`, anything else has a `problem`.

    `sha256` is of the bytes that were looked at; None when the file could not be read. `mtime_ns`
    and `inode` are those of the file that was opened, and tell it from another one that has its
    name by now; None when none was opened.
    """

    sha256: str | None
    size: int
    mtime_ns: int | None = None
    inode: int | None = None
    media: Media | None = None
    problem: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What a picture looks like: a perceptual hash in hexadecimal digits, the colour `#rrggbb`."""

    phash: str
    dominant_color: str
