"""Filters of FFmpeg that make one frame of one, applied to frames as they pass."""

from collections.abc import Iterator
from itertools import chain

import numpy as np
from av.buffer import Buffer
from av.filter import Graph
from av.video.frame import VideoFrame

Frames = Iterator[VideoFrame]
Filter = tuple[str, str]
"""A filter's name and its arguments, as FFmpeg's documentation has them."""

_ONE = 1 << 16  # 1 in the fixed-point numbers of a display matrix

# How the stored frame is to be turned for each display matrix (a, b, c, d), which takes a point
# (x, y) to (ax + cy, bx + dy); y grows downwards.
_TURNS: dict[tuple[int, ...], tuple[Filter, ...]] = {
    (0, 1, -1, 0): (("transpose", "clock"),),
    (-1, 0, 0, -1): (("hflip", ""), ("vflip", "")),
    (0, -1, 1, 0): (("transpose", "cclock"),),
    (-1, 0, 0, 1): (("hflip", ""),),
    (1, 0, 0, -1): (("vflip", ""),),
    (0, 1, 1, 0): (("transpose", "cclock_flip"),),
    (0, -1, -1, 0): (("transpose", "clock_flip"),),
}


def filtered(frames: Frames, *filters: Filter) -> Frames:
    """Each frame after all `filters`; its time stays."""
    shape, graph = None, Graph()
    for frame in frames:
        if shape != (frame.width, frame.height, frame.format.name):
            shape = (frame.width, frame.height, frame.format.name)
            graph = _graph(frame, filters)
        graph.vpush(frame)
        yield graph.vpull()


def upright(frames: Frames) -> Frames:
    """Turned as the file says: cameras store frames as their sensor lies."""
    first, frames = peeked(frames)
    turns = () if first is None else _TURNS.get(_orientation(first), ())
    return filtered(frames, *turns) if turns else frames


def peeked(frames: Frames) -> tuple[VideoFrame | None, Frames]:
    """The first frame, if there is any, and all of them."""
    first = next(frames, None)
    return (None, frames) if first is None else (first, chain((first,), frames))


def _orientation(frame: VideoFrame) -> tuple[int, ...]:
    matrix = frame.side_data.get("DISPLAYMATRIX")
    if not isinstance(matrix, Buffer):
        return ()
    numbers = np.frombuffer(bytes(matrix), np.int32)
    return tuple(round(int(numbers[place]) / _ONE) for place in (0, 1, 3, 4))


def _graph(frame: VideoFrame, filters: tuple[Filter, ...]) -> Graph:
    graph = Graph()
    source = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base
    )
    steps = [graph.add(name, arguments or None) for name, arguments in filters]
    graph.link_nodes(source, *steps, graph.add("buffersink")).configure()
    return graph
