"""A video cut and encoded: by the hub's VIDEO, and by a bare PyAV loop; and the memory it takes."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from benchmarks.figure import Figure
from hub.nodes.video import VideoCodec
from hub.nodes.video_file import VideoFromFile

SIZE = (1280, 720)
RATE = 25
SECONDS = 60
PART = (30.0, 5.0)  # start and duration of the cut, in seconds
_FRAME_BYTES = SIZE[0] * SIZE[1] * 3 // 2

_CHILD = """
import resource, sys
from pathlib import Path
from hub.nodes.video import VideoCodec
from hub.nodes.video_file import VideoFromFile
seconds, source, target = float(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
VideoFromFile(source).as_trimmed(0, seconds).save_to(target, codec=VideoCodec.H264)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


async def measure(work: Path) -> list[Figure]:
    """The loop is measured before and after, since machines change their speed."""
    return await asyncio.to_thread(_measure, work)


def _measure(work: Path) -> list[Figure]:
    source, target = work / "source.mp4", work / "target.mp4"
    _make(source)
    video = VideoFromFile(source)
    whole = _ratio(
        lambda: video.save_to(target, codec=VideoCodec.H264),
        lambda: _bare(source, target, 0.0, float(SECONDS)),
    )
    cut = _ratio(
        lambda: video.as_trimmed(*PART).save_to(target),
        lambda: _bare(source, target, *PART),
    )
    short, long = (_peak(each, source, target) for each in (SECONDS / 6, SECONDS))
    frames = _FRAME_BYTES * SECONDS * RATE / 2**20
    return [
        Figure(
            what=f"encoding {SECONDS} s of 720p",
            value=f"{whole:.2f} × PyAV's processor time",
            hold="≤ 1.1 ×",
        ),
        Figure(
            what=f"cutting {PART[1]:g} s out of it",
            value=f"{cut:.2f} × PyAV's processor time",
            hold="≤ 1.1 ×",
        ),
        Figure(what="copying it", value=f"{_seconds(lambda: video.save_to(target)):.2f} s"),
        Figure(
            what=f"peak memory of encoding 10 s, and {SECONDS} s ({frames:.0f} MiB of frames)",
            value=f"{short:.0f} MiB, {long:.0f} MiB",
            hold="the same",
        ),
    ]


def _make(path: Path) -> None:
    """A gradient that moves, in MPEG-4, which is quickly written."""
    width, height = SIZE
    slope = np.add.outer(np.arange(height), np.arange(width + RATE * SECONDS))
    levels = (slope // 4 % 256).astype(np.uint8)
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("mpeg4", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.bit_rate = 4_000_000
        for number in range(RATE * SECONDS):
            shifted = np.ascontiguousarray(levels[:, number : number + width])
            frame = av.VideoFrame.from_ndarray(shifted, "gray")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(frame.reformat(format="yuv420p")))
        container.mux(stream.encode())


def _bare(source: Path, target: Path, start: float, duration: float) -> None:
    with av.open(str(source)) as reading, av.open(str(target), "w") as writing:
        video = reading.streams.video[0]
        video.thread_type = "AUTO"
        out: Any = writing.add_stream("libx264", rate=RATE)
        out.width, out.height, out.pix_fmt = *SIZE, "yuv420p"
        reading.seek(int(start * 1_000_000))
        for frame in reading.decode(video):
            if start <= frame.time < start + duration:
                frame.pts, frame.time_base = round((frame.time - start) * RATE), Fraction(1, RATE)
                frame.pict_type = 0
                writing.mux(out.encode(frame))
            elif frame.time >= start + duration:
                break
        writing.mux(out.encode())


def _ratio(ours: Callable[[], None], bare: Callable[[], None]) -> float:
    """Of processor times, which depend less on what else the machine does."""
    before, own, after = (_seconds(work, time.process_time) for work in (bare, ours, bare))
    return 2 * own / (before + after)


def _seconds(work: Callable[[], None], clock: Callable[[], float] = time.perf_counter) -> float:
    begun = clock()
    work()
    return clock() - begun


def _peak(seconds: float, source: Path, target: Path) -> float:
    """MiB that a process of its own held at most, torch included."""
    command = [sys.executable, "-c", _CHILD, str(seconds), str(source), str(target)]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
