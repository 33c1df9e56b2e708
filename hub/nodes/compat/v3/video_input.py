"""The base class for videos that packs make themselves."""

from abc import abstractmethod
from fractions import Fraction

from hub.nodes import video
from hub.nodes.sound_reading import Sounds
from hub.nodes.video import VideoComponents
from hub.nodes.video_components import VideoFromComponents
from hub.nodes.video_encoding import Progress
from hub.nodes.video_file import VideoFromFile
from hub.nodes.video_filters import Frames
from hub.nodes.video_scaled import ScaledVideo


class VideoInput(video.VideoInput):
    """A pack only says what the video is made of; all that our nodes ask follows from that.

    Our own videos are instances too.
    """

    @abstractmethod
    def get_components(self, progress: Progress | None = None) -> VideoComponents:
        """All of it in memory."""

    def frames(self) -> Frames:
        return self._in_memory().frames()

    def sounds(self) -> Sounds:
        return self._in_memory().sounds()

    def get_dimensions(self) -> tuple[int, int]:
        return self._in_memory().get_dimensions()

    def get_duration(self) -> float:
        return self._in_memory().get_duration()

    def get_frame_rate(self) -> Fraction:
        return self._in_memory().get_frame_rate()

    def as_trimmed(  # type: ignore[override] # a part is no longer what the pack made
        self, start_time: float = 0, duration: float = 0, strict_duration: bool = False
    ) -> video.VideoInput:
        return self._in_memory().as_trimmed(start_time, duration, strict_duration)

    def _in_memory(self) -> VideoFromComponents:
        return VideoFromComponents(self.get_components())


for _own in (VideoFromFile, VideoFromComponents, ScaledVideo):
    VideoInput.register(_own)
