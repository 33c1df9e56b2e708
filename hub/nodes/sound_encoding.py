"""Encodes sound as AAC, FLAC, MP3 or Opus."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer

from hub.errors import Invalid
from hub.nodes.media_opening import AnyPacket
from hub.nodes.sound_reading import Sounds


class NothingToHear(Invalid):
    """A sound has no samples."""

    def __init__(self) -> None:
        super().__init__("The sound is empty, so there is nothing to write.")


@dataclass(frozen=True, kw_only=True, slots=True)
class SoundEncoding:
    """A codec by FFmpeg's name, the rates it takes (none: all) and how many channels.

    `bit_rate` is per second; `quality` is that of a variable bit rate, 0 the best.
    """

    codec: str
    rates: tuple[int, ...] = ()
    channels: int = 8
    format: str | None = None
    bit_rate: int | None = None
    bit_rate_per_channel: int | None = None
    quality: int | None = None
    options: dict[str, str] = field(default_factory=dict)


AAC = SoundEncoding(
    codec="aac",
    rates=(8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000),
)
FLAC = SoundEncoding(codec="flac", format="s32")  # 24 bits: all that samples of float32 hold
_MP3_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
_OPUS_RATES = (8000, 12000, 16000, 24000, 48000)
_OPUS_LARGEST = 256_000  # bits per second and channel


def mp3(quality: str) -> SoundEncoding:
    """`V0`, the best variable bit rate, or one such as `128k`."""
    variable = quality == "V0"
    return SoundEncoding(
        codec="libmp3lame",
        rates=_MP3_RATES,
        channels=2,
        quality=0 if variable else None,
        bit_rate=None if variable else _bits(quality),
    )


def opus(quality: str) -> SoundEncoding:
    """A bit rate such as `128k`."""
    return SoundEncoding(
        codec="libopus",
        rates=_OPUS_RATES,
        bit_rate=_bits(quality),
        bit_rate_per_channel=_OPUS_LARGEST,
    )


def write_sound(
    path: Path, encoding: SoundEncoding, sounds: Sounds, tags: Mapping[str, str]
) -> None:
    """Write a file of the kind that its ending tells. Raises `NothingToHear`."""
    with av.open(str(path), "w") as container:
        container.metadata.update(tags)
        track = encoded_sound(container, encoding, sounds)
        if track is None:
            raise NothingToHear
        for packet in track:
            container.mux(packet)


def encoded_sound(
    container: OutputContainer, encoding: SoundEncoding, sounds: Sounds | None
) -> Iterator[AnyPacket] | None:
    """A new track of `container`, and its packets; None if there is no sound."""
    first = next(sounds, None) if sounds else None
    if sounds is None or first is None:
        return None
    layout = first.layout.name if len(first.planes) <= encoding.channels else "stereo"
    rate = fitting_rate(first.sample_rate, encoding.rates)
    stream = container.add_stream(encoding.codec, rate=rate, options=encoding.options)
    assert isinstance(stream, AudioStream), "an encoding names a codec of sound"
    stream.codec_context.layout = layout
    _set_quality(stream, encoding)
    return _encoded(stream, chain((first,), sounds))


def fitting_rate(rate: int, offered: tuple[int, ...]) -> int:
    """The smallest offered rate that loses nothing, or else the largest."""
    if not offered:
        return rate
    return min((each for each in offered if each >= rate), default=offered[-1])


def _set_quality(stream: AudioStream, encoding: SoundEncoding) -> None:
    context = stream.codec_context
    if encoding.format:
        context.format = encoding.format
    if encoding.quality is not None:
        context.qscale, context.global_quality = True, encoding.quality
    elif encoding.bit_rate:
        limit = (encoding.bit_rate_per_channel or encoding.bit_rate) * context.channels
        context.bit_rate = min(encoding.bit_rate, limit)


def _encoded(stream: AudioStream, sounds: Sounds) -> Iterator[AnyPacket]:
    for frame in sounds:
        yield from stream.encode(frame)
    yield from stream.encode(None)


def _bits(quality: str) -> int:
    return int(quality.removesuffix("k")) * 1000
