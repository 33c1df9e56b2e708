"""Opens files of video and sound, with errors that name the file."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.frame import Frame
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from hub.errors import Invalid

AnyPacket: TypeAlias = "Packet[Stream]"  # a string, as the class takes no parameter when run
Source = Path | bytes
"""A file, or the content of one."""

# Only formats that hold their own media: a playlist would make the demuxer open further files and
# addresses. Still pictures are for the nodes that load images.
FORMATS = (
    "aac,ac3,aiff,amr,ape,apng,asf,avi,caf,dv,flac,flv,gif,ivf,m4v,matroska,mov,mp3,mpeg,mpegts,"
    "mpegvideo,mxf,ogg,wav,webm,wv"
)
MICROSECONDS = 1_000_000


class Unplayable(Invalid):
    """A file that should be a video or a sound cannot be read."""

    def __init__(self, source: Source, reason: str) -> None:
        super().__init__(
            f"{named(source)} cannot be read as video or sound ({reason}). "
            "Give a whole file in a format that FFmpeg knows."
        )


class EndsEarly(Invalid):
    """A file holds less than its index says."""

    def __init__(self, source: Source) -> None:
        super().__init__(f"{named(source)} ends early: copy the whole file, then try again.")


class NoVideo(Invalid):
    """A video was wanted, and the file has none."""

    def __init__(self, source: Source) -> None:
        super().__init__(f"{named(source)} has no video in it. Choose a file with pictures.")


class NoSound(Invalid):
    """A sound was wanted, and there is none."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has no sound in it. Choose one with a sound track.")


def named(source: Source) -> str:
    """How messages call it."""
    return f"The file {source.name}" if isinstance(source, Path) else "The video in memory"


@contextmanager
def opened(source: Source) -> Iterator[InputContainer]:
    """The file, open for reading. What FFmpeg raises over it becomes `Unplayable`.

    Each opening has its own place in the file, also where the content is in memory.
    """
    file = str(source) if isinstance(source, Path) else io.BytesIO(source)
    try:
        with av.open(
            file, "r", metadata_errors="replace", container_options={"format_whitelist": FORMATS}
        ) as container:
            yield container
    except (av.FFmpegError, UnicodeError) as error:
        raise Unplayable(source, getattr(error, "strerror", None) or str(error)) from error


def video_stream(source: Source, container: InputContainer) -> VideoStream:
    """The moving pictures; covers of songs do not count. Raises `NoVideo`."""
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            return stream
    raise NoVideo(source)


def sound_stream(container: InputContainer) -> AudioStream | None:
    """The first sound track."""
    return next(iter(container.streams.audio), None)


def origin(container: InputContainer) -> Fraction:
    """The time in seconds at which the recording begins; streams from the air do not begin at 0."""
    return Fraction(container.start_time or 0, MICROSECONDS)


def tick(frame: Frame) -> Fraction:
    """The unit of a frame's `pts`, in seconds; every decoder sets it."""
    assert frame.time_base is not None, "a frame has a unit of time"
    return frame.time_base


def shown_at(frame: Frame) -> Fraction:
    """A frame's time in seconds."""
    return (frame.pts or 0) * tick(frame)


def packets(
    source: Source, container: InputContainer, *streams: Stream, from_begin: bool = True
) -> Iterator[AnyPacket]:
    """What the streams hold, one after another. Raises `EndsEarly` for a file broken off.

    Unless it is read `from_begin`, nothing can be said about how many packets are missing.
    """
    # Not `stream.frames`: a phone trims a video by hiding its beginning, which is not handed out.
    missing = {stream.index: len(stream.index_entries) for stream in streams}
    for packet in container.demux(*streams):
        if packet.is_corrupt:
            raise EndsEarly(source)
        if packet.size:  # the last of every stream is an empty one
            missing[packet.stream_index] -= 1
        yield packet
    if from_begin and any(count > 0 for count in missing.values()):
        raise EndsEarly(source)
