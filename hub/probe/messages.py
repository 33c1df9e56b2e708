"""What hub and probe say to each other: a frame with some requests, and a frame for each answer."""

from enum import StrEnum

import msgspec

from hub.records.media import Inspection, Look


class Format(StrEnum):
    """Formats that pictures are encoded in."""

    WEBP = "webp"
    JPEG = "jpeg"
    PNG = "png"


class Channel(StrEnum):
    """What of a picture is wanted: all, colours without transparency, or transparency alone."""

    ALL = "rgba"
    COLOURS = "rgb"
    TRANSPARENCY = "a"


class Inspect(msgspec.Struct, frozen=True, tag="inspect"):
    """Open the file and tell what it is. Paths travel as bytes: not every name is UTF-8."""

    path: bytes


class MakeThumbnail(msgspec.Struct, frozen=True, tag="make_thumbnail"):
    """Make a small JPEG of a picture, or of a video's first frame; `longest_side` in pixels."""

    path: bytes
    longest_side: int


class FindWorkflow(msgspec.Struct, frozen=True, tag="find_workflow"):
    """Tell the workflow that is written into a picture or recording."""

    path: bytes


class LookAt(msgspec.Struct, frozen=True, tag="look_at"):
    """Tell what a picture, or a video's first frame, looks like."""

    path: bytes


class Convert(msgspec.Struct, frozen=True, tag="convert"):
    """Encode a picture anew, in its own size, as `format` says and with the `channel`s asked for;
    `quality` counts to 100."""

    path: bytes
    format: Format
    quality: int = 90
    channel: Channel = Channel.ALL


class ReplaceAlpha(msgspec.Struct, frozen=True, tag="replace_alpha"):
    """Give a picture the transparency of another one of the same size."""

    path: bytes
    mask: bytes


Request = Inspect | MakeThumbnail | LookAt | FindWorkflow | Convert | ReplaceAlpha
Requests = list[Request]


class Inspected(msgspec.Struct, frozen=True, tag="inspected"):
    """What was found, or what is wrong with the file."""

    inspection: Inspection


class ThumbnailMade(msgspec.Struct, frozen=True, tag="thumbnail_made"):
    """The bytes of a JPEG."""

    jpeg: bytes


class PictureMade(msgspec.Struct, frozen=True, tag="picture_made"):
    """The bytes of a picture in the format that was asked for, or a PNG."""

    content: bytes


class WorkflowFound(msgspec.Struct, frozen=True, tag="workflow_found"):
    """Its JSON, as it stands there."""

    text: str


class Looked(msgspec.Struct, frozen=True, tag="looked"):
    """What it looks like."""

    look: Look


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """It cannot be done; `problem` says why, as in an `Inspection`."""

    problem: str


Answer = Inspected | ThumbnailMade | PictureMade | Looked | WorkflowFound | Refused

OUT_OF_MEMORY = 86  # exit code of a probe that met its memory limit
