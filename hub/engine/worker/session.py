"""The session with the hub: orders in, executions into lanes, messages out."""

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from queue import SimpleQueue

import torch

from hub.config.folders import Folders
from hub.config.model_folders import ModelFolder
from hub.engine.input_files import InputFiles
from hub.engine.messages import (
    DEVICE_LOST,
    AskClasses,
    Cancel,
    Execute,
    Free,
    ToWorker,
    decode_to_worker,
)
from hub.engine.worker.cache import Cache
from hub.engine.worker.class_questions import answered
from hub.engine.worker.context import Attempt
from hub.engine.worker.executor import Execution
from hub.engine.worker.failure import is_device_lost
from hub.engine.worker.freeing import Freeing
from hub.engine.worker.model_report import ModelReport
from hub.engine.worker.node_classes import NodeClasses
from hub.engine.worker.outbox import Outbox
from hub.engine.worker.policies import RunKey
from hub.engine.worker.process_state import ProcessState, use_torch_threads
from hub.engine.worker.sampling_loop import SamplingLoop
from hub.engine.worker.sampling_means import SamplingMeans
from hub.engine.worker.staging import Staging
from hub.engine.worker.vital_thread import VitalThread
from hub.wire import receive_frame

log = logging.getLogger(__name__)


class Lane:
    """Threads that carry out executions, first come, first served.

    `restores` says that nodes of packs come here, which change what belongs to the whole process.
    State: while there is a `_keeper`, an execution that gives the thread to no other before it is
    over, others are `_put_off`. This is for lanes of one thread.
    """

    def __init__(
        self,
        name: str,
        threads: int,
        torch_threads: int,
        ended: Callable[[Execution], None],
        *,
        restores: bool = False,
    ) -> None:
        self._queue: SimpleQueue[Execution] = SimpleQueue()
        self._torch_threads = torch_threads
        self._ended = ended
        self._restores = restores
        self._keeper: Execution | None = None
        self._put_off: list[Execution] = []
        self._threads = [
            VitalThread(target=self._work, name=f"{name} {number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, execution: Execution) -> None:
        """Give it a turn; also again, when it was parked."""
        self._queue.put(execution)

    def _work(self) -> None:
        use_torch_threads(self._torch_threads)
        torch.set_grad_enabled(False)
        state = ProcessState() if self._restores else None
        while True:
            self._take_turn(state)

    def _take_turn(self, state: ProcessState | None) -> None:
        """A function of its own, so that the thread does not hold on to what it carried out."""
        execution = self._queue.get()
        if self._keeper not in (None, execution):
            self._put_off.append(execution)
            return
        if state:
            state.restore()
        self._keeper = execution if execution.keeps_thread else None
        if execution.advance():
            self._keeper = None
            self._ended(execution)
        if self._keeper is None:
            while self._put_off:
                self._queue.put(self._put_off.pop(0))


class Session:
    """Carries out what the hub orders.

    Runs whose nodes are all light go side by side in the slots of one lane, with one torch thread
    each. Any others take turns in the one execution thread, and give it back while they are
    sampled; one with nodes of packs keeps it to its end, because packs may rely on process-wide
    state. `_under_way` are the executions that are not over, by run and attempt.
    """

    def __init__(
        self,
        outbox: Outbox,
        folders: Folders,
        classes: NodeClasses,
        cache: Cache,
        loop: asyncio.AbstractEventLoop,
        slots: int,
        max_batch: int,
        means: SamplingMeans,
        models: ModelReport,
        kinds: Mapping[str, ModelFolder],
    ) -> None:
        self._outbox = outbox
        self._folders = folders
        self._input_files = InputFiles(folders, kinds)
        self._classes = classes
        self._cache = cache
        self._loop = loop
        self._freeing = Freeing(cache)
        self._sampling = SamplingLoop(max_batch)
        self._means = means
        self._models = models
        self._under_way: dict[RunKey, Execution] = {}
        self._light = Lane("slot", slots, 1, self._ended)
        self._execution = Lane("execution", 1, torch.get_num_threads(), self._ended, restores=True)

    def serve(self, connection: socket.socket) -> None:
        """Take orders until the hub has gone; then end the process, whatever it is doing.

        This has a thread of its own, so that neither a node nor the loop can hold it up.
        """
        with suppress(ConnectionError):
            while (payload := receive_frame(connection)) is not None:
                self._take(decode_to_worker(payload))
        os._exit(0)

    def orders(self) -> list[Execute]:
        """What it was handed and has not ended."""
        return [each.order for each in list(self._under_way.values()) if not each.is_over]

    def _take(self, order: ToWorker) -> None:
        match order:
            case Execute():
                self._execute(order)
            case Cancel(run=run, attempt=attempt):
                if execution := self._under_way.get((run, attempt)):
                    execution.cancel()
            case Free(cache=cache, models=models):
                self._freeing.ask(self._under_way, cache=cache, models=models)
                self._models.tell_news()
            case AskClasses():
                asyncio.run_coroutine_threadsafe(self._ask(order), self._loop)

    async def _ask(self, order: AskClasses) -> None:
        """In a thread of its own, as what is asked may take its time; it is not an execution's."""
        attempt = self._attempt(Execute(run="", attempt=0, graph=order.graph, targets=()))
        answers = await asyncio.to_thread(answered, order, attempt, self._classes, self._loop)
        self._outbox.tell(answers)
        self._outbox.flush()

    def _attempt(self, order: Execute) -> Attempt:
        staging = Staging(self._folders.staging, order.run, order.attempt)
        return Attempt(order, staging, self._input_files, self._outbox, self._sampling, self._means)

    def _execute(self, order: Execute) -> None:
        attempt = self._attempt(order)
        classes = [self._classes.get(node["class_type"]) for node in order.graph.values()]
        is_light = all(found is not None and found.schema.light for found in classes)
        lane = self._light if is_light else self._execution
        execution = Execution(attempt, self._classes, self._cache, self._loop, lane.put)
        execution.keeps_thread = any(found and found.is_from_pack for found in classes)
        self._under_way[execution.key] = execution
        lane.put(execution)

    def _ended(self, execution: Execution) -> None:
        self._under_way.pop(execution.key, None)
        self._outbox.flush()
        self._freeing.ended(execution.key)
        self._models.tell_news()
        if execution.has_failed and is_device_lost():
            log.critical("The GPU cannot be used by this worker any more, which ends for it.")
            os._exit(DEVICE_LOST)
