"""A video in a file, or a part of it."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import IO, Any, Self

from hub.nodes.media_opening import MICROSECONDS, Source, opened, origin, packets, video_stream
from hub.nodes.media_tags import as_text, kept_tags
from hub.nodes.sound_reading import Sounds, read_sounds
from hub.nodes.span import Span
from hub.nodes.video import VideoCodec, VideoContainer, VideoInput
from hub.nodes.video_copying import copy_video, fits_mp4
from hub.nodes.video_encoding import NoFrames, Progress
from hub.nodes.video_filters import Frames
from hub.nodes.video_reading import frame_rate, read_frames


@dataclass(frozen=True, kw_only=True, slots=True)
class _Facts:
    """What the header of a whole file says; `frames` is 0 where it does not."""

    format: str
    duration: Fraction
    rate: Fraction
    frames: int
    tags: dict[str, str]


class VideoFromFile(VideoInput):
    """`span` of the file, which is not opened before somebody asks."""

    def __init__(self, file: str | Path | io.BytesIO, span: Span | None = None) -> None:
        self._file: Source = file.getvalue() if isinstance(file, io.BytesIO) else Path(file)
        self._span = span or Span()

    def frames(self) -> Frames:
        return read_frames(self._file, self._span)

    def sounds(self) -> Sounds:
        return read_sounds(self._file, self._span)

    def get_dimensions(self) -> tuple[int, int]:
        first = next(self.frames(), None)
        if first is None:
            raise NoFrames
        return first.width, first.height

    def get_duration(self) -> float:
        return float(self._duration)

    def get_frame_rate(self) -> Fraction:
        return self._facts.rate

    def get_frame_count(self) -> int:
        """Counted without decoding."""
        if self._span.is_everything and self._facts.frames:
            return self._facts.frames
        with opened(self._file) as container:
            stream = video_stream(self._file, container)
            begin = origin(container)
            times = (
                packet.pts * packet.time_base - begin
                for packet in packets(self._file, container, stream)
                if packet.pts is not None and packet.size and not packet.is_discard
            )
            return sum(time >= self._span.start and not self._span.is_over(time) for time in times)

    def get_container_format(self) -> str:
        return self._facts.format if self._span.is_everything else super().get_container_format()

    def get_stream_source(self) -> str | io.BytesIO:
        if not self._span.is_everything:
            return super().get_stream_source()
        return str(self._file) if isinstance(self._file, Path) else io.BytesIO(self._file)

    def tags(self) -> dict[str, str]:
        return self._facts.tags

    def as_trimmed(
        self, start_time: float = 0, duration: float = 0, strict_duration: bool = False
    ) -> Self:
        span = self._span.part(start_time, duration, self._duration, strict=strict_duration)
        file = self._file if isinstance(self._file, Path) else io.BytesIO(self._file)
        return type(self)(file, span)

    def save_to(
        self,
        path: str | Path | IO[bytes],
        format: VideoContainer = VideoContainer.AUTO,  # noqa: A002 - the documented name
        codec: VideoCodec = VideoCodec.AUTO,
        metadata: Mapping[str, Any] | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Copy the tracks where they fit; else encode. A part is always encoded, to begin and end
        at the frame that was asked for and not at the next key frame.
        """
        wanted = None if codec == VideoCodec.AUTO else str(codec)
        if self._span.is_everything and fits_mp4(self._file, codec=wanted):
            target = Path(path) if isinstance(path, str) else path
            copy_video(self._file, target, as_text(metadata), progress)
        else:
            super().save_to(path, format, codec, metadata, progress)

    @property
    def _duration(self) -> Fraction:
        return self._span.length_in(self._facts.duration)

    @cached_property
    def _facts(self) -> _Facts:
        with opened(self._file) as container:
            stream = video_stream(self._file, container)
            if stream.duration and stream.time_base:
                duration = stream.duration * stream.time_base
            else:
                duration = Fraction(container.duration or 0, MICROSECONDS)
            return _Facts(
                format=container.format.name,
                duration=duration,
                rate=frame_rate(stream),
                frames=stream.frames,
                tags=kept_tags(container.metadata),
            )
