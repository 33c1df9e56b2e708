"""A video whose frames are images in memory."""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Self

import numpy as np
from av.video.frame import VideoFrame

from hub.nodes.media_tags import as_text
from hub.nodes.pixels import picture_of
from hub.nodes.sound import sounds_of
from hub.nodes.sound_reading import Sounds
from hub.nodes.span import Span
from hub.nodes.video import VideoComponents, VideoInput
from hub.nodes.video_encoding import Progress
from hub.nodes.video_filters import Frames


@dataclass(frozen=True, slots=True)
class VideoFromComponents(VideoInput):
    """The images at a steady rate; a longer sound is cut to their duration."""

    components: VideoComponents

    def frames(self) -> Frames:
        time_base = 1 / self.components.frame_rate
        for number, image in enumerate(self.components.images):
            levels = np.asarray(picture_of(image[..., :3]).convert("RGB"))
            frame = VideoFrame.from_ndarray(levels, "rgb24")
            frame.pts, frame.time_base = number, time_base
            yield frame

    def sounds(self) -> Sounds:
        if self.components.audio is None:
            return iter(())
        return sounds_of(self.components.audio, self._duration)

    def get_components(self, progress: Progress | None = None) -> VideoComponents:
        return self.components

    def get_dimensions(self) -> tuple[int, int]:
        height, width = self.components.images.shape[1:3]
        return width, height

    def get_duration(self) -> float:
        return float(self._duration)

    def get_frame_rate(self) -> Fraction:
        return self.components.frame_rate

    def get_frame_count(self) -> int:
        return len(self.components.images)

    def tags(self) -> dict[str, str]:
        return as_text(self.components.metadata)

    def as_trimmed(
        self, start_time: float = 0, duration: float = 0, strict_duration: bool = False
    ) -> Self:
        span = Span().part(start_time, duration, self._duration, strict=strict_duration)
        rate, audio = self.components.frame_rate, self.components.audio
        end = len(self.components.images) if span.end is None else -(-span.end * rate // 1)
        first = -(-span.start * rate // 1)
        if audio is not None:
            sample_rate = audio["sample_rate"]
            stop = None if span.end is None else round(span.end * sample_rate)
            waveform = audio["waveform"][..., round(span.start * sample_rate) : stop]
            audio = {"waveform": waveform, "sample_rate": sample_rate}
        images = self.components.images[int(first) : int(end)]
        return type(self)(replace(self.components, images=images, audio=audio))

    @property
    def _duration(self) -> Fraction:
        return len(self.components.images) / self.components.frame_rate
