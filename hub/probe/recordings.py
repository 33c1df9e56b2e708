"""Video and sound, through PyAV: demuxed to the last packet, nothing decoded."""

from dataclasses import dataclass, field
from typing import Any, BinaryIO

import av

from hub.probe.unopenable import Unopenable
from hub.records.media import Media, MediaKind

# Only formats that hold their own media. Others would be mistaken for text, are pictures that
# Pillow refused, or are playlists, which make the demuxer open further files and addresses.
FORMATS = (
    "aac,ac3,aiff,amr,ape,asf,avi,caf,dv,flac,flv,ivf,m4v,matroska,mov,mp3,mpeg,mpegts,mpegvideo,"
    "mxf,ogg,wav,webm,wv"
)
# Formats whose header declares a duration, and by how many seconds an undamaged file may miss it.
_DECLARE_DURATION = {"avi", "flac", "mov", "matroska", "wav"}
_DURATION_SLACK = 0.5
_MICROSECONDS = 1_000_000


@dataclass(slots=True)
class _Tally:
    """What was met while demuxing: packets per stream, and the span they cover in seconds."""

    packets: dict[int, int] = field(default_factory=dict)
    begin: float = float("inf")
    end: float = 0.0
    corrupt: bool = False

    def count(self, packet: Any) -> None:
        self.packets[packet.stream_index] = self.packets.get(packet.stream_index, 0) + 1
        self.corrupt |= packet.is_corrupt
        if packet.pts is not None:
            self.begin = min(self.begin, float(packet.pts * packet.time_base))
            self.end = max(
                self.end, float((packet.pts + (packet.duration or 0)) * packet.time_base)
            )

    @property
    def duration(self) -> float:
        return max(0.0, self.end - self.begin)


def inspect_recording(file: BinaryIO) -> Media | None:
    """What the video or sound is; None if it is neither.

    Width and height are those of the stored frames. Raises `Unopenable` for one that is damaged
    or ends early.
    """
    container = open_recording(file)
    if container is None:
        return None
    with container:
        if not container.streams.video and not container.streams.audio:
            return None
        name = container.format.name.split(",")[0]
        try:
            tally = _demux(container)
        except av.FFmpegError:
            raise Unopenable(f"{_label(name)} ends early or is damaged") from None
        if tally.corrupt or _packets_missing(container, tally) or _too_short(container, tally):
            raise Unopenable(f"{_label(name)} ends early")
        return _media(container, name, tally)


def open_recording(file: BinaryIO) -> Any:
    """The container in `file`; None if it is none of those that are opened."""
    file.seek(0)
    try:
        return av.open(file, metadata_errors="replace", options={"format_whitelist": FORMATS})
    except (av.FFmpegError, UnicodeError):
        return None


def _demux(container: Any) -> _Tally:
    tally = _Tally()
    for packet in container.demux():
        if packet.size:  # the last packet of every stream is an empty one
            tally.count(packet)
    return tally


def _packets_missing(container: Any, tally: _Tally) -> bool:
    """Whether an index promised more packets than there are, or a stream has none at all."""
    return any(
        tally.packets.get(stream.index, 0) < max(1, _promised(container, stream))
        for stream in (*container.streams.video, *container.streams.audio)
    )


def _promised(container: Any, stream: Any) -> int:
    """How many packets a header speaks of. `frames` of an MP4 counts those too which a phone has
    hidden when it trimmed the video, and which are not handed out; its index does not."""
    is_mp4 = container.format.name.startswith("mov")
    return len(stream.index_entries) if is_mp4 else int(stream.frames)


def _too_short(container: Any, tally: _Tally) -> bool:
    if container.duration is None or container.format.name.split(",")[0] not in _DECLARE_DURATION:
        return False
    declared = float(container.duration) / _MICROSECONDS
    return tally.duration < declared - _DURATION_SLACK


def _label(name: str) -> str:
    return {"mov": "MP4", "matroska": "Matroska"}.get(name, name.upper())


def _media(container: Any, name: str, tally: _Tally) -> Media:
    duration = container.duration / _MICROSECONDS if container.duration else tally.duration
    moving = [stream for stream in container.streams.video if not _is_cover(stream)]
    if not moving:
        return Media(kind=MediaKind.AUDIO, format=name, duration=duration)
    stream = moving[0]
    return Media(
        kind=MediaKind.VIDEO,
        format=name,
        width=stream.codec_context.width,
        height=stream.codec_context.height,
        duration=duration,
        fps=float(stream.average_rate) if stream.average_rate else None,
        frames=tally.packets[stream.index],
    )


def _is_cover(stream: Any) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)
