"""Reads the sound of a file piece by piece, without gaps."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from hub.nodes.media_opening import (
    MICROSECONDS,
    Source,
    opened,
    origin,
    packets,
    shown_at,
    sound_stream,
)
from hub.nodes.span import Span

Sounds = Iterator[AudioFrame]
Samples = NDArray[np.float32]

FORMAT = "fltp"  # float32, one plane per channel
_RUN_UP = Fraction(1, 5)  # seconds that a decoder needs until its samples are right
_TOLERANCE = Fraction(1, 10)  # seconds by which times of frames may be rounded


def read_sounds(source: Source, span: Span) -> Sounds:
    """The sound within `span` as frames of float32 that follow each other from time 0 on.

    Gaps become silence, and so does what is missing before the sound begins. Nothing if there is
    no sound track. Raises `Unplayable` or `EndsEarly`.
    """
    with opened(source) as container:
        stream = sound_stream(container)
        if stream is None:
            return
        begin = origin(container) + span.start
        from_begin = span.start == 0
        if not from_begin:
            container.seek(int((begin - _RUN_UP) * MICROSECONDS))
        rate = stream.codec_context.sample_rate
        end = None if span.end is None else round((span.end - span.start) * rate)
        position = 0
        for place, samples in _pieces(source, container, stream, begin, from_begin=from_begin):
            placed = _placed(place, position, samples, rate)
            if end is not None:
                placed = placed[:, : max(0, end - position)]
            if placed.shape[1]:
                yield sound_frame(placed, rate, stream.layout.name, position)
            position += placed.shape[1]
            if position == end:
                return


def sound_frame(samples: Samples, rate: int, layout: str, position: int) -> AudioFrame:
    """Samples [channels, samples] as a frame that begins at sample `position`."""
    frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples), FORMAT, layout)
    frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), position
    return frame


def _pieces(
    source: Source,
    container: InputContainer,
    stream: AudioStream,
    begin: Fraction,
    *,
    from_begin: bool,
) -> Iterator[tuple[int | None, Samples]]:
    """Samples, and the place at which their frame says they belong, counted from `begin`."""
    rate = stream.codec_context.sample_rate
    resampler = AudioResampler(format=FORMAT, layout=stream.layout, rate=rate)
    for packet in packets(source, container, stream, from_begin=from_begin):
        for frame in stream.decode(packet):
            place = None
            if frame.pts is not None:
                place = round((shown_at(frame) - begin) * rate)
            for piece in resampler.resample(frame):
                yield place, np.asarray(piece.to_ndarray(), np.float32)
                place = None


def _placed(place: int | None, position: int, samples: Samples, rate: int) -> Samples:
    """What is to follow after `position` samples: with silence before, or without its beginning."""
    gap = 0 if place is None else place - position
    if position and abs(gap) <= _TOLERANCE * rate:
        gap = 0
    if gap < 0:
        return samples[:, -gap:]
    return np.pad(samples, ((0, 0), (gap, 0))) if gap else samples
