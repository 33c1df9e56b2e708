"""The session with the hub: orders in, executions into lanes, messages out."""

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock, Thread

import torch

from hub.config.folders import Folders
from hub.engine.input_files import InputFiles
from hub.engine.messages import Cancel, Execute, ToWorker, decode_to_worker
from hub.engine.worker.cache import Cache
from hub.engine.worker.context import Attempt
from hub.engine.worker.executor import Execution
from hub.engine.worker.node_classes import NodeClasses
from hub.engine.worker.outbox import Outbox
from hub.engine.worker.staging import Staging
from hub.wire import receive_frame

_setting_threads = Lock()


class Lane:
    """Threads that carry out executions, first come, first served."""

    def __init__(
        self, name: str, threads: int, torch_threads: int, ended: Callable[[Execution], None]
    ) -> None:
        self._queue: SimpleQueue[Execution] = SimpleQueue()
        self._torch_threads = torch_threads
        self._ended = ended
        self._threads = [
            Thread(target=self._work, name=f"{name} {number}", daemon=True)
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
        while True:
            execution = self._queue.get()
            if execution.advance():
                self._ended(execution)


class Session:
    """Carries out what the hub orders.

    Runs whose nodes are all light go side by side in the slots of one lane, with one torch thread
    each; any other has the one execution thread to itself, because packs may rely on process-wide
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
    ) -> None:
        self._outbox = outbox
        self._folders = folders
        self._input_files = InputFiles(folders)
        self._classes = classes
        self._cache = cache
        self._loop = loop
        self._under_way: dict[tuple[str, int], Execution] = {}
        self._light = Lane("slot", slots, 1, self._ended)
        self._execution = Lane("execution", 1, torch.get_num_threads(), self._ended)

    def serve(self, connection: socket.socket) -> None:
        """Take orders until the hub has gone; then end the process, whatever it is doing.

        This has a thread of its own, so that neither a node nor the loop can hold it up.
        """
        with suppress(ConnectionError):
            while (payload := receive_frame(connection)) is not None:
                self._take(decode_to_worker(payload))
        os._exit(0)

    def _take(self, order: ToWorker) -> None:
        match order:
            case Execute():
                self._execute(order)
            case Cancel(run=run, attempt=attempt):
                if execution := self._under_way.get((run, attempt)):
                    execution.cancel()

    def _execute(self, order: Execute) -> None:
        staging = Staging(self._folders.staging, order.run, order.attempt)
        attempt = Attempt(order, staging, self._input_files, self._outbox)
        lane = self._lane(order)
        execution = Execution(attempt, self._classes, self._cache, self._loop, lane.put)
        self._under_way[execution.key] = execution
        lane.put(execution)

    def _lane(self, order: Execute) -> Lane:
        classes = [self._classes.get(node["class_type"]) for node in order.graph.values()]
        is_light = all(found is not None and found.schema.light for found in classes)
        return self._light if is_light else self._execution

    def _ended(self, execution: Execution) -> None:
        self._under_way.pop(execution.key, None)
        self._outbox.flush()


def use_torch_threads(count: int) -> None:
    """How many threads torch uses for work that this thread gives it.

    The number set last is what a thread takes that has not asked yet; so each asks at once.
    """
    with _setting_threads:
        torch.set_num_threads(count)
        torch.get_num_threads()
