"""The sampling loop: drives all samplers of a worker, and answers many with one call of a model.

The idea is continuous batching. A sampler only asks what it wants denoised (see
`hub/engine/sampling/denoising.py`). In each turn the loop takes the tasks that may share a call,
because model, patches and shapes agree, whatever their prompts, seeds, samplers and steps are; it
asks the model once, and hands each its part of the answer. Tasks join and leave between two turns.

The loop stays with one such group for some turns before it goes to the next, as changing patches
costs time. A task of higher priority goes first at once, and the others wait where they are, even
if they could share its calls: each further row makes a call longer.

Example: two runs of one checkpoint, 20 steps of euler and 10 of heun, come at the same time. For 19
turns (heun asks twice a step) each call has both, the last one has euler alone. Meanwhile the
decoder of a third run has the execution thread to itself.

State: `_tasks` are those that are not over, whichever thread brought them; `_group` the key of
those that were answered last, and `_turns` how often in a row; `_holding` keeps the model of these
where it is between two turns, and `_held` is its weights.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from threading import Condition

import torch

from hub.engine.models.evaluation import evaluated
from hub.engine.models.sampling_task import SamplingTask
from hub.engine.models.unet import UNet
from hub.engine.models.weights import Weights
from hub.engine.worker.node_code import NodeRaised, RunCancelled, call
from hub.engine.worker.vital_thread import VitalThread

TURNS = 8


class SamplingLoop:
    """One thread, started with the first task. At most `max_batch` latents share a call, and no
    more than there is memory for.
    """

    def __init__(self, max_batch: int) -> None:
        self._max_batch = max_batch
        self._tasks: list[SamplingTask] = []
        self._changed = Condition()
        self._thread: VitalThread | None = None
        self._group: tuple[object, ...] | None = None
        self._turns = 0
        self._holding = ExitStack()
        self._held: Weights[UNet] | None = None

    def add(self, task: SamplingTask) -> None:
        """Have a task sampled. Its latent, or what went wrong, comes out of `task.result`."""
        with self._changed:
            self._tasks.append(task)
            if self._thread is None:
                self._thread = VitalThread(target=self._work, name="sampling", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _work(self) -> None:
        torch.set_grad_enabled(False)
        while True:
            self._turn()

    def _turn(self) -> None:
        """A function of its own, so that the thread does not hold on to what it worked on."""
        with self._changed:
            while not self._tasks:
                self._changed.wait()
            tasks = list(self._tasks)
        for task in tasks:
            if task.is_fresh:
                _step(task, task.begin)
        self._answer([task for task in tasks if not task.is_over])
        with self._changed:
            over = [task for task in self._tasks if task.is_over]
            self._tasks = [task for task in self._tasks if task not in over]
            is_done = not self._tasks
        for task in over:
            task.close()
        if is_done:
            self._hold(None)

    def _hold(self, weights: Weights[UNet] | None) -> None:
        """Have these keep their memory until the loop turns to others."""
        if weights is not self._held:
            self._holding.close()
            self._held = weights
            if weights is not None:
                self._holding.enter_context(weights.in_use())

    def _answer(self, tasks: Sequence[SamplingTask]) -> None:
        chosen = self._chosen(tasks)
        self._hold(chosen[0].model.model.weights if chosen else None)
        if not chosen or _answered(chosen) or len(chosen) == 1:
            return
        for task in chosen:  # which of them it was shows when each is asked for by itself
            _answered([task])

    def _chosen(self, tasks: Sequence[SamplingTask]) -> list[SamplingTask]:
        """Those that are answered next: of one group, as many as there is room for."""
        if not tasks:
            return []
        highest = max(task.priority for task in tasks)
        waiting = sorted(tasks, key=lambda task: task.order)
        urgent = [task for task in waiting if task.priority == highest]
        others = [task for task in urgent if task.key != self._group]
        if len(others) == len(urgent) or (self._turns >= TURNS and others):
            self._group, self._turns = others[0].key, 0
        self._turns += 1
        return self._fitting([task for task in urgent if task.key == self._group])

    def _fitting(self, tasks: Sequence[SamplingTask]) -> list[SamplingTask]:
        if len(tasks) == 1:  # however large it is
            return list(tasks)
        most = min(self._max_batch, tasks[0].latents_that_fit)
        fitting: list[SamplingTask] = []
        rows = 0
        for task in tasks:
            rows += task.rows
            if fitting and rows > most:
                break
            fitting.append(task)
        return fitting


def _answered(tasks: Sequence[SamplingTask]) -> bool:
    """Ask the model for all of them at once. False if that failed for several."""
    try:
        requests = [call(task.ask) for task in tasks]
        answers = call(evaluated, tasks[0].asked_model, requests)
    except (NodeRaised, RunCancelled) as failed:
        if len(tasks) == 1:
            tasks[0].fail(failed.error if isinstance(failed, NodeRaised) else None)
        return False
    for task, sides in zip(tasks, answers, strict=True):
        _step(task, partial(task.answer, sides))
    return True


def _step(task: SamplingTask, step: Callable[[], None]) -> None:
    """Move one task on; what goes wrong is its own affair."""
    try:
        call(step)
    except NodeRaised as raised:
        task.fail(raised.error)
    except RunCancelled:
        task.fail(None)
