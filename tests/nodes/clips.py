"""Small videos and sounds that tests make: a grey that grows lighter with time, and a sine."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import torch

from hub.nodes.sound import Audio

RATE = 25
SAMPLES = 48_000
STEP = 8  # levels of grey from frame to frame


def clip(
    path: Path,
    *,
    frames: int = 25,
    size: tuple[int, int] = (64, 48),
    codec: str = "libx264",
    times: Iterable[int] | None = None,
    turned: int | None = None,
    sound: str | None = "aac",
    tags: dict[str, str] | None = None,
    faststart: bool = False,
) -> Path:
    """Frame n is grey of 8·n levels, with a white bar at the top; `times` are in 1/25 s.

    `turned` are degrees by which players turn it, counterclockwise.
    """
    flags = "use_metadata_tags+faststart" if faststart else "use_metadata_tags"
    options = {"movflags": flags} if path.suffix == ".mp4" else {}
    with av.open(str(path), "w", container_options=options) as container:
        container.metadata.update(tags or {})
        video: Any = container.add_stream(codec, rate=RATE)
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        video.gop_size = 10
        if turned is not None:
            video.set_display_rotation(turned)
        voice: Any = container.add_stream(sound, rate=SAMPLES, layout="stereo") if sound else None
        for number, time in zip(range(frames), times or range(frames), strict=False):
            levels = np.full((size[1], size[0], 3), STEP * number, np.uint8)
            levels[: size[1] // 4] = 255
            frame = av.VideoFrame.from_ndarray(levels, "rgb24")
            frame.pts, frame.time_base = time, Fraction(1, RATE)
            container.mux(video.encode(frame))
        container.mux(video.encode())
        if voice:
            container.mux(voice.encode(_wave(frames / RATE)))
            container.mux(voice.encode())
    return path


def sine(seconds: float = 1.0, *, rate: int = SAMPLES, channels: int = 2, batch: int = 1) -> Audio:
    """440 Hz at half of the full level."""
    times = torch.arange(round(seconds * rate)) / rate
    wave = 0.5 * torch.sin(2 * torch.pi * 440 * times)
    return {"waveform": wave.expand(batch, channels, -1).clone(), "sample_rate": rate}


def greys(images: torch.Tensor) -> list[int]:
    """Which frame of a clip each image is, from its lower half."""
    lower = images[:, images.shape[1] // 2 :, :, 1].mean(dim=(1, 2))
    return [round(float(level) * 255 / STEP) for level in lower]


def facts(path: Path) -> dict[str, Any]:
    """What PyAV alone says of a file."""
    with av.open(str(path)) as container:
        streams = (*container.streams.video, *container.streams.audio)
        return {
            "codecs": [stream.codec_context.codec.canonical_name for stream in streams],
            "tags": {key.lower(): value for key, value in container.metadata.items()}
            | {key.lower(): value for s in streams for key, value in s.metadata.items()},
            "sizes": [(s.width, s.height) for s in container.streams.video],
            "pixels": [s.codec_context.pix_fmt for s in container.streams.video],
            "rates": [s.codec_context.sample_rate for s in container.streams.audio],
            "channels": [s.codec_context.channels for s in container.streams.audio],
        }


def packet_bytes(path: Path) -> list[bytes]:
    """The encoded video, packet by packet."""
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def shown_at(path: Path) -> list[float]:
    """When each frame is shown, in seconds."""
    with av.open(str(path)) as container:
        return [round(frame.time, 3) for frame in container.decode(video=0)]


def _wave(seconds: float) -> av.AudioFrame:
    samples = sine(seconds)["waveform"][0].numpy()
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), "fltp", "stereo")
    frame.sample_rate, frame.pts = SAMPLES, 0
    return frame
