"""A VIDEO: what nodes hand on in place of its frames.

Frames are read when somebody needs them, one after another; only `get_components` holds all of
them at once. Names are those of ComfyUI's third node API, because packs call them.
"""

import io
import os
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import IO, Any, Self

import numpy as np
import torch
from torch import Tensor

from hub.errors import Invalid
from hub.nodes.media_opening import shown_at
from hub.nodes.media_tags import as_text
from hub.nodes.sound import Audio, joined_sounds
from hub.nodes.sound_reading import Sounds
from hub.nodes.video_encoding import MP4, NoFrames, Progress, write_video
from hub.nodes.video_filters import Frames

MP4_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2"  # what FFmpeg calls a file that it may have written
_BYTES_PER_NUMBER = 4


class VideoContainer(StrEnum):
    """Containers to write; `auto` is MP4."""

    AUTO = "auto"
    MP4 = "mp4"

    @property
    def suffix(self) -> str:
        return ".mp4"

    @classmethod
    def get_extension(cls, value: str) -> str:
        """The ending of its files, without a dot."""
        return cls(value).suffix.removeprefix(".")

    @classmethod
    def as_input(cls) -> list[str]:
        """The choices of an input."""
        return [each.value for each in cls]


class VideoCodec(StrEnum):
    """Codecs to write; `auto` keeps that of a file if an MP4 can hold it."""

    AUTO = "auto"
    H264 = "h264"

    @classmethod
    def as_input(cls) -> list[str]:
        """The choices of an input."""
        return [each.value for each in cls]


@dataclass(kw_only=True)
class VideoComponents:
    """A video in memory: images [frames, height, width, 3] and frames per second."""

    images: Tensor
    frame_rate: Fraction
    audio: Audio | None = None
    metadata: dict[str, Any] | None = field(default=None)


class TooManyFrames(Invalid):
    """All frames of a video at once are more than the machine could hold."""

    def __init__(self, frames: int, width: int, height: int, size: int) -> None:
        super().__init__(
            f"All {frames} frames of {width}×{height} pixels would need {size / 2**30:.0f} GiB of "
            "memory, more than this machine has. Take a part of the video, or make it smaller."
        )


class VideoInput(ABC):
    """A video from anywhere."""

    @abstractmethod
    def frames(self) -> Frames:
        """The frames, upright, with times from 0 on. Each call begins anew."""

    @abstractmethod
    def sounds(self) -> Sounds:
        """The sound in pieces that follow each other from time 0 on; nothing if there is none."""

    @abstractmethod
    def get_dimensions(self) -> tuple[int, int]:
        """Width and height of the upright frames, in pixels."""

    @abstractmethod
    def get_duration(self) -> float:
        """In seconds."""

    @abstractmethod
    def get_frame_rate(self) -> Fraction:
        """Frames per second; the average where it changes."""

    @abstractmethod
    def as_trimmed(
        self, start_time: float = 0, duration: float = 0, strict_duration: bool = False
    ) -> Self:
        """`duration` seconds, or with 0 the rest, from `start_time` on.

        A negative start counts from the end. Raises `OutsideRecording` where there is nothing, or
        with `strict_duration` not enough.
        """

    def get_frame_count(self) -> int:
        return sum(1 for _ in self.frames())

    def get_container_format(self) -> str:
        """FFmpeg's name for what `get_stream_source` gives."""
        return MP4_FORMATS

    def tags(self) -> dict[str, str]:
        """What the video says about itself."""
        return {}

    def get_stream_source(self) -> str | io.BytesIO:
        """A path, or the content of an MP4."""
        content = io.BytesIO()
        self.save_to(content)
        content.seek(0)
        return content

    def get_components(self, progress: Progress | None = None) -> VideoComponents:
        """All of it in memory. Raises `TooManyFrames` before anything is read."""
        _check_memory(self)
        levels = []
        for frame in self.frames():
            levels.append(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
            if progress:
                progress(float(shown_at(frame)))
        if not levels:
            raise NoFrames
        images = torch.empty(len(levels), *levels[0].shape)
        for number, level in enumerate(levels):
            np.divide(level, np.float32(255), out=images[number].numpy())
        return VideoComponents(
            images=images,
            frame_rate=self.get_frame_rate(),
            audio=joined_sounds(self.sounds()),
            metadata=dict(self.tags()),
        )

    def save_to(
        self,
        path: str | Path | IO[bytes],
        format: VideoContainer = VideoContainer.AUTO,  # noqa: A002 - the documented name
        codec: VideoCodec = VideoCodec.AUTO,
        metadata: Mapping[str, Any] | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Write an MP4 with H.264 and AAC, and `metadata` as tags.

        `progress` is told the seconds that are written.
        """
        target = Path(path) if isinstance(path, str) else path
        tags = {**self.tags(), **as_text(metadata)}
        write_video(
            target,
            MP4,
            self.frames(),
            self.get_frame_rate(),
            self.sounds(),
            tags=tags,
            progress=progress,
        )


def _check_memory(video: VideoInput) -> None:
    frames, (width, height) = video.get_frame_count(), video.get_dimensions()
    size = frames * width * height * 3 * _BYTES_PER_NUMBER
    if size > os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"):
        raise TooManyFrames(frames, width, height, size)
