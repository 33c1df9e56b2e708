"""Samplers written as plain functions, which call a model instead of yielding to it.

Such a function runs in a thread of its own. When it asks, the thread waits for the answer, and when
it is answered, whoever drives the sampling waits for its next request: only one of them ever runs,
so the function sees what it would see without threads.

State: `_said` is what the function said last, a request or how it ended; `_told` what it is told
next, an answer, or None once nobody will answer any more.
"""

from collections.abc import Callable
from contextvars import copy_context
from queue import SimpleQueue
from threading import Thread

import torch
from torch import Tensor

from hub.engine.sampling.denoising import Answer, Denoise, Sampler
from hub.engine.worker.node_code import NodeRaised, RunCancelled, call
from hub.engine.worker.random_state import RandomState

Ask = Callable[[Denoise], Answer]
"""What the function calls as its model. Raises `RunCancelled` once nobody answers any more."""

THREAD_NAME = "sampler"


def threaded(function: Callable[[Ask], Tensor], random: RandomState) -> Sampler:
    """A sampler that is `function`. It runs with the context variables of who calls this, and
    what it draws from torch's own generators comes from `random`.

    What it raises is raised here, with its traceback. Where the sampler is closed before its end,
    the function ends with the `RunCancelled` that its last call of the model raises.
    """
    return _sampling(_Handover(function, random))


def _sampling(handover: "_Handover") -> Sampler:
    state = handover.begin()
    try:
        while isinstance(state, Denoise):
            state = handover.answer((yield state))
    finally:
        handover.leave()
    return state


class _Handover:
    """Between the one who drives the sampling and the thread of the function."""

    def __init__(self, function: Callable[[Ask], Tensor], random: RandomState) -> None:
        self._function = function
        self._random = random
        self._context = copy_context()
        self._said: SimpleQueue[Denoise | Tensor | NodeRaised | RunCancelled] = SimpleQueue()
        self._told: SimpleQueue[Answer | None] = SimpleQueue()

    def begin(self) -> Denoise | Tensor:
        thread = Thread(target=self._context.run, args=(self._work,), name=THREAD_NAME, daemon=True)
        with self._random.in_place():
            thread.start()
            return self._heard()

    def answer(self, answer: Answer) -> Denoise | Tensor:
        with self._random.in_place():
            self._told.put(answer)
            return self._heard()

    def leave(self) -> None:
        """Nobody answers from now on; without effect on a function that has ended."""
        self._told.put(None)

    def _heard(self) -> Denoise | Tensor:
        said = self._said.get()
        if isinstance(said, NodeRaised):
            raise said.error
        if isinstance(said, RunCancelled):
            raise said
        return said

    def _work(self) -> None:
        """In the thread. As in every sampling, nothing is differentiated."""
        torch.set_grad_enabled(False)
        try:
            self._said.put(call(self._function, self._ask))
        except (NodeRaised, RunCancelled) as ended:
            self._said.put(ended)

    def _ask(self, request: Denoise) -> Answer:
        self._said.put(request)
        answer = self._told.get()
        if answer is None:
            self._told.put(None)  # for a function that asks once more
            raise RunCancelled
        return answer
