"""What hub and probe say to each other: a frame with some requests, and a frame for each answer."""

import msgspec

from hub.records.media import Inspection


class Inspect(msgspec.Struct, frozen=True, tag="inspect"):
    """Open the file and tell what it is. Paths travel as bytes: not every name is UTF-8."""

    path: bytes


class MakeThumbnail(msgspec.Struct, frozen=True, tag="make_thumbnail"):
    """Make a small JPEG of a picture, or of a video's first frame; `longest_side` in pixels."""

    path: bytes
    longest_side: int


Request = Inspect | MakeThumbnail
Requests = list[Request]


class Inspected(msgspec.Struct, frozen=True, tag="inspected"):
    """What was found, or what is wrong with the file."""

    inspection: Inspection


class ThumbnailMade(msgspec.Struct, frozen=True, tag="thumbnail_made"):
    """The bytes of a JPEG."""

    jpeg: bytes


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """No thumbnail can be made; `problem` says why, as in an `Inspection`."""

    problem: str


Answer = Inspected | ThumbnailMade | Refused

OUT_OF_MEMORY = 86  # exit code of a probe that met its memory limit
