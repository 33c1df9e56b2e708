"""Encodes frames and sound as they come; memory holds what the encoders look ahead."""

import heapq
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from av.video.stream import VideoStream

from hub.errors import Invalid
from hub.nodes.media_opening import AnyPacket, tick
from hub.nodes.media_writing import Target, writing
from hub.nodes.sound_encoding import AAC, encoded_sound
from hub.nodes.sound_reading import Sounds
from hub.nodes.video_filters import Frames, filtered, peeked

Packets = Iterator[AnyPacket]
Progress = Callable[[float], None]
"""Told the seconds that are done; may raise to stop."""


class NoFrames(Invalid):
    """There is nothing to encode."""

    def __init__(self) -> None:
        super().__init__("The video has no frames, so there is nothing to write.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoding:
    """A container and its codec, by FFmpeg's names."""

    container: str
    codec: str
    pixels: str = "yuv420p"
    options: dict[str, str] = field(default_factory=dict)


MP4 = Encoding(container="mp4", codec="libx264")


def write_video(
    target: Target,
    encoding: Encoding,
    frames: Frames,
    rate: Fraction,
    sounds: Sounds | None = None,
    *,
    tags: Mapping[str, str],
    progress: Progress | None = None,
) -> None:
    """Write the file; `rate` is for encoders, what counts are the times of the frames.

    An odd last row or column is cut off, as the usual pixels come in pairs. Raises `NoFrames`.
    """
    first, frames = peeked(_fitted(frames, encoding.pixels))
    if first is None:
        raise NoFrames
    with writing(target, encoding.container, tags) as container:
        tracks = [_encoded(_video_track(container, encoding, rate, first), frames)]
        if (sound := encoded_sound(container, AAC, sounds)) is not None:
            tracks.append(sound)
        for packet in heapq.merge(*tracks, key=seconds_of):
            container.mux(packet)
            if progress:
                progress(seconds_of(packet))


def seconds_of(packet: AnyPacket) -> float:
    """When a packet is decoded."""
    return float((packet.dts or 0) * packet.time_base)


def _video_track(
    container: OutputContainer, encoding: Encoding, rate: Fraction, first: VideoFrame
) -> VideoStream:
    stream = container.add_stream(encoding.codec, rate=rate, options=encoding.options)
    assert isinstance(stream, VideoStream), "an encoding names a codec of pictures"
    context = stream.codec_context
    context.width, context.height, context.pix_fmt = first.width, first.height, encoding.pixels
    context.time_base = tick(first)
    context.colorspace, context.color_range = first.colorspace, first.color_range
    context.color_primaries, context.color_trc = first.color_primaries, first.color_trc
    return stream


def _encoded(stream: VideoStream, frames: Frames) -> Packets:
    last = -1
    for frame in frames:
        if frame.pts is not None and frame.pts > last:  # else it would never be seen
            last = frame.pts
            yield from stream.encode(frame)
    yield from stream.encode(None)


def _fitted(frames: Frames, pixels: str) -> Frames:
    """All of the first one's size, made even, and with the pixels that the encoder takes."""
    first, frames = peeked(frames)
    if first is None:
        return
    width, height = first.width, first.height
    if width % 2 or height % 2:
        even = f"{max(2, width - width % 2)}:{max(2, height - height % 2)}"
        small = 1 in (width, height)
        frames = filtered(frames, ("scale", even) if small else ("crop", f"{even}:0:0"))
    reformatter = VideoReformatter()
    size: tuple[int, int] | None = None
    for frame in frames:
        size = size or (frame.width, frame.height)
        fitted = reformatter.reformat(
            frame,
            *size,
            format=pixels,
            dst_colorspace=Colorspace.ITU709 if frame.format.is_rgb else None,
            dst_color_range=ColorRange.MPEG if _is_full_range(frame) else None,
        )
        fitted.pict_type = 0  # a key frame of the source need not be one here
        yield fitted


def _is_full_range(frame: VideoFrame) -> bool:
    """Whether its levels go from 0 to 255, which many players do not expect of a video."""
    is_jpeg = frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj")
    return is_jpeg or frame.format.is_rgb
