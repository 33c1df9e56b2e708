"""Reads the frames of a video file one after another; memory holds a few of them at a time."""

from collections.abc import Iterator
from fractions import Fraction

from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from hub.nodes.media_opening import Source, opened, origin, packets, shown_at, tick, video_stream
from hub.nodes.span import Span
from hub.nodes.video_filters import Frames, upright

_USUAL_RATE = Fraction(25)  # for streams that say nothing of theirs


def read_frames(source: Source, span: Span) -> Frames:
    """The frames shown first within `span`, upright, their times counted from its start.

    Raises `Unplayable`, `NoVideo` or `EndsEarly`.
    """
    return upright(_read(source, span))


def frame_rate(stream: VideoStream) -> Fraction:
    """Frames per second; where the rate changes, the average."""
    return stream.average_rate or stream.guessed_rate or _USUAL_RATE


def _read(source: Source, span: Span) -> Frames:
    with opened(source) as container:
        stream = video_stream(source, container)
        stream.thread_type = "AUTO"
        begin = origin(container) + span.start
        for frame in _from(source, container, stream, begin):
            time = shown_at(frame) - begin
            if span.is_over(time + span.start):
                return
            if time >= 0:
                frame.pts = round(time / tick(frame))
                yield frame


def _from(
    source: Source, container: InputContainer, stream: VideoStream, begin: Fraction
) -> Frames:
    """All frames from `begin` on, and some before."""
    if begin > origin(container) and stream.time_base:
        container.seek(int(begin / stream.time_base), stream=stream)
        frames = _decoded(source, container, stream, from_begin=False)
        first = next(frames, None)
        if first is not None and shown_at(first) <= begin:
            yield first
            yield from frames
            return
        # Some formats have no index, and the search may end behind the place.
        container.seek(0, any_frame=False)
    yield from _decoded(source, container, stream, from_begin=True)


def _decoded(
    source: Source, container: InputContainer, stream: VideoStream, *, from_begin: bool
) -> Iterator[VideoFrame]:
    """Frames in the order of showing, each with a time."""
    next_time = origin(container)
    for packet in packets(source, container, stream, from_begin=from_begin):
        for frame in stream.decode(packet):
            if frame.pts is None:
                frame.pts = round(next_time / tick(frame))
            next_time = shown_at(frame) + 1 / frame_rate(stream)
            yield frame
