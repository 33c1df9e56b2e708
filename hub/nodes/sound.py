"""An AUDIO: a waveform, and what can be done with one or two of them."""

from fractions import Fraction
from pathlib import Path
from typing import TypedDict

import numpy as np
import torch
from av.audio.resampler import AudioResampler
from torch import Tensor
from torch.nn.functional import pad

from hub.errors import Invalid
from hub.nodes.media_opening import NoSound, named
from hub.nodes.sound_reading import FORMAT, Samples, Sounds, read_sounds, sound_frame
from hub.nodes.span import Span

_PIECE = 1 << 14  # samples that go through an encoder at a time
_LAYOUTS = {1: "mono", 2: "stereo", 3: "2.1", 4: "4.0", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}


class Audio(TypedDict):
    """float32 [batch, channels, samples] from -1 to 1, and samples per second."""

    waveform: Tensor
    sample_rate: int


class NotStereo(Invalid):
    """Left and right were asked for."""

    def __init__(self, channels: int) -> None:
        super().__init__(f"The sound has {channels} channels; only two can be split.")


class UnequalBatches(Invalid):
    """Two sounds have different numbers of parts."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__(
            f"One sound is a batch of {first} and the other of {second}. Give batches of one size."
        )


def read_sound(path: Path) -> Audio:
    """All of a file's sound. Raises `NoSound`, `Unplayable` or `EndsEarly`."""
    sound = joined_sounds(read_sounds(path, Span()))
    if sound is None:
        raise NoSound(named(path))
    return sound


def joined_sounds(sounds: Sounds) -> Audio | None:
    """Pieces in a row as one sound; None if there are none."""
    pieces, rate = [], 0
    for frame in sounds:
        pieces.append(np.asarray(frame.to_ndarray(), np.float32))
        rate = frame.sample_rate
    if not pieces:
        return None
    waveform = torch.from_numpy(np.concatenate(pieces, axis=1))[None]
    return {"waveform": waveform, "sample_rate": rate}


def sounds_of(audio: Audio, longest: Fraction | None = None, number: int = 0) -> Sounds:
    """Part `number` of the batch in pieces, of at most `longest` seconds."""
    rate = audio["sample_rate"]
    waveform: Samples = audio["waveform"][number].detach().to("cpu", torch.float32).numpy()
    length = waveform.shape[1] if longest is None else min(waveform.shape[1], int(longest * rate))
    for begin in range(0, length, _PIECE):
        piece = waveform[:, begin : min(begin + _PIECE, length)]
        yield sound_frame(piece, rate, _layout(len(waveform)), begin)


def silence(duration: float, sample_rate: int, channels: int) -> Audio:
    """`duration` seconds of nothing."""
    waveform = torch.zeros(1, channels, round(duration * sample_rate))
    return {"waveform": waveform, "sample_rate": sample_rate}


def trimmed(audio: Audio, start: float, duration: float) -> Audio:
    """A part; a negative start counts from the end. Raises `OutsideRecording`."""
    rate, samples = audio["sample_rate"], audio["waveform"].shape[-1]
    span = Span().part(start, duration, Fraction(samples, rate), strict=False)
    end = samples if span.end is None else round(span.end * rate)
    return {**audio, "waveform": audio["waveform"][..., round(span.start * rate) : end]}


def split(audio: Audio) -> tuple[Audio, Audio]:
    """Left and right. Raises `NotStereo`."""
    waveform = audio["waveform"]
    if waveform.shape[1] != 2:
        raise NotStereo(waveform.shape[1])
    return {**audio, "waveform": waveform[:, :1]}, {**audio, "waveform": waveform[:, 1:]}


def joined_channels(left: Audio, right: Audio) -> Audio:
    """The first channel of each as left and right; the shorter one ends in silence."""
    first, second, rate = _alike(left, right)
    length = max(first.shape[-1], second.shape[-1])
    channels = [pad(each[:, :1], (0, length - each.shape[-1])) for each in (first, second)]
    return {"waveform": torch.cat(channels, dim=1), "sample_rate": rate}


def concatenated(first: Audio, second: Audio) -> Audio:
    """One after the other."""
    before, after, rate = _alike(first, second)
    return {"waveform": torch.cat((before, after), dim=-1), "sample_rate": rate}


def merged(first: Audio, second: Audio, method: str) -> Audio:
    """Both at once, as long as the first; what comes out too loud is made quieter as a whole."""
    one, other, rate = _alike(first, second)
    length = one.shape[-1]
    other = pad(other[..., :length], (0, max(0, length - other.shape[-1])))
    match method:
        case "add":
            waveform = one + other
        case "subtract":
            waveform = one - other
        case "multiply":
            waveform = one * other
        case _:
            waveform = (one + other) / 2
    peak = float(waveform.abs().max()) if waveform.numel() else 0.0
    return {"waveform": waveform / peak if peak > 1 else waveform, "sample_rate": rate}


def amplified(audio: Audio, decibels: float) -> Audio:
    return {**audio, "waveform": audio["waveform"] * 10 ** (decibels / 20)}


def resampled(audio: Audio, rate: int) -> Audio:
    """At another number of samples per second."""
    if audio["sample_rate"] == rate:
        return audio
    parts = [_resampled(audio, number, rate) for number in range(len(audio["waveform"]))]
    return {"waveform": torch.stack(parts), "sample_rate": rate}


def _resampled(audio: Audio, number: int, rate: int) -> Tensor:
    layout = _layout(audio["waveform"].shape[1])
    resampler = AudioResampler(format=FORMAT, layout=layout, rate=rate)
    pieces = [
        np.asarray(piece.to_ndarray(), np.float32)
        for frame in (*sounds_of(audio, None, number), None)
        for piece in resampler.resample(frame)
    ]
    return torch.from_numpy(np.concatenate(pieces, axis=1))


def _alike(first: Audio, second: Audio) -> tuple[Tensor, Tensor, int]:
    """Both waveforms at the higher rate and with the greater number of channels."""
    rate = max(first["sample_rate"], second["sample_rate"])
    one, other = resampled(first, rate)["waveform"], resampled(second, rate)["waveform"]
    if len(one) != len(other) and 1 not in (len(one), len(other)):
        raise UnequalBatches(len(one), len(other))
    batch, channels = max(len(one), len(other)), max(one.shape[1], other.shape[1])
    return _widened(one, batch, channels), _widened(other, batch, channels), rate


def _widened(waveform: Tensor, batch: int, channels: int) -> Tensor:
    """Mono goes to all channels; channels that others have besides are silent."""
    own = waveform.shape[1]
    if own == 1:
        waveform = waveform.expand(-1, channels, -1)
    elif own < channels:
        waveform = pad(waveform, (0, 0, 0, channels - own))
    return waveform.expand(batch, -1, -1)


def _layout(channels: int) -> str:
    return _LAYOUTS.get(channels, f"{channels}c")
