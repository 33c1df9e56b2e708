"""A video that is brought to another size while it passes."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from hub.nodes.sound_reading import Sounds
from hub.nodes.video import VideoInput
from hub.nodes.video_filters import Frames, filtered


@dataclass(frozen=True, slots=True)
class ScaledVideo(VideoInput):
    """`source` in `width`×`height` pixels, by Lanczos' method."""

    source: VideoInput
    width: int
    height: int

    def frames(self) -> Frames:
        scale = ("scale", f"{self.width}:{self.height}:flags=lanczos")
        return filtered(self.source.frames(), scale)

    def sounds(self) -> Sounds:
        return self.source.sounds()

    def get_dimensions(self) -> tuple[int, int]:
        return self.width, self.height

    def get_duration(self) -> float:
        return self.source.get_duration()

    def get_frame_rate(self) -> Fraction:
        return self.source.get_frame_rate()

    def get_frame_count(self) -> int:
        return self.source.get_frame_count()

    def tags(self) -> dict[str, str]:
        return self.source.tags()

    def as_trimmed(
        self, start_time: float = 0, duration: float = 0, strict_duration: bool = False
    ) -> Self:
        part = self.source.as_trimmed(start_time, duration, strict_duration)
        return type(self)(part, self.width, self.height)
