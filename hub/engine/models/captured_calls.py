"""Calls of a network that a GPU repeats by itself (CUDA graphs).

A step for one picture is a thousand small kernels, and a processor starts them more slowly than a
fast GPU carries them out. So what a call starts is captured once for each kind of inputs, and from
then on started as one.

What is captured goes by addresses. Inputs are copied to where they were, the answer is copied out
again, and all is captured anew when the weights have moved (`Weights.bound`).
"""

import logging
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any, Protocol

import torch
from torch import Tensor

log = logging.getLogger(__name__)
Network = Callable[..., Tensor]
Inputs = Sequence[Tensor | None]

_MOST_PLACES = 1 << 15
"""Rows times height times width: two latents of 1024², eight of 512². With more of them even a fast
GPU is busy all the time, and what a captured call keeps for its next time would be large."""
_CALLS_BEFORE = 2  # in which libraries get ready, and code is compiled
_MOST_KINDS = 16


class Captured(Protocol):
    """A call that can be repeated."""

    def repeat(self, inputs: Inputs) -> Tensor:
        """What it gives for other values of the same kind."""


Capture = Callable[[Network, Inputs, Sequence[Any]], Captured]


@dataclass
class Capturing:
    """Whether calls are captured at all."""

    is_on: bool = True


CAPTURING = Capturing()
"""Of this process, as its device is."""

_one_at_a_time = Lock()
"""What was captured shares its memory with all other calls that were, so none goes beside another;
and torch captures no two at a time."""


class CudaGraph:
    """A call on a GPU, in which nothing may wait for it. Raises `RuntimeError` if something does,
    or if there is no memory for it."""

    def __init__(self, network: Network, inputs: Inputs, others: Sequence[Any]) -> None:
        self._inputs = [None if part is None else part.clone() for part in inputs]
        self._graph = torch.cuda.CUDAGraph()
        before = torch.cuda.current_stream()
        try:
            # Other threads go on meanwhile, and may ask for memory.
            with torch.cuda.graph(self._graph, _pool(), capture_error_mode="thread_local"):
                self._output = network(*self._inputs, *others)
        finally:  # torch stays in the stream of its own when something went wrong
            torch.cuda.set_stream(before)

    def repeat(self, inputs: Inputs) -> Tensor:
        for own, given in zip(self._inputs, inputs, strict=True):
            if own is not None and given is not None:
                own.copy_(given)
        self._graph.replay()
        return self._output.clone()


@cache
def _pool() -> Any:
    """The memory for all captured calls of this process, as large as the largest needs."""
    return torch.cuda.graph_pool_handle()


class CapturedCalls:
    """Of networks whose weights stay where they are, and in whose layers nobody has put functions.

    State: `_calls` counts those of each kind; `_captured` has those that were captured, the last
    used ones last, and None for what cannot be.
    """

    def __init__(self, capture: Capture = CudaGraph) -> None:
        self._capture = capture
        self._calls: Counter[object] = Counter()
        self._captured: OrderedDict[object, Captured | None] = OrderedDict()

    def call(
        self,
        network: Network,
        x: Tensor,
        timesteps: Tensor,
        context: Tensor,
        y: Tensor | None,
        *others: Any,
    ) -> Tensor:
        """What `network` makes of these. `x` is [batch, channels, height, width], and the rest as
        `UNet.forward` has it; `others` are always the same."""
        inputs = (x, timesteps, context, y)
        if len(x) * x.shape[2] * x.shape[3] <= _MOST_PLACES:
            with _one_at_a_time:
                if captured := self._of_its_kind(network, inputs, others):
                    return captured.repeat(inputs)
        return network(*inputs, *others)

    def _of_its_kind(
        self, network: Network, inputs: Inputs, others: Sequence[Any]
    ) -> Captured | None:
        shapes = (None if part is None else (part.shape, part.dtype) for part in inputs)
        kind = (network, *shapes)
        if kind in self._captured:
            self._captured.move_to_end(kind)
            return self._captured[kind]
        self._calls[kind] += 1
        if self._calls[kind] <= _CALLS_BEFORE:
            return None
        try:
            self._captured[kind] = self._capture(network, inputs, others)
        except RuntimeError as error:
            log.warning("A call of a model cannot be captured, and is made anew: %s", error)
            self._captured[kind] = None
        if len(self._captured) > _MOST_KINDS:
            self._captured.popitem(last=False)
        return self._captured[kind]
