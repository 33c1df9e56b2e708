"""The session with the hub: orders in, messages out, runs on slots.

Runs whose nodes are all light share `slots` threads; any other run has the one execution thread to
itself, as packs expect that rely on process-wide state. All that threads have to say in one turn
of the loop leaves in one frame.
"""

import asyncio
import uuid
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog
import torch

from hub.config.folders import Folders
from hub.engine.input_files import InputFiles
from hub.engine.messages import (
    Batch,
    Cancel,
    Cancelled,
    Execute,
    Failed,
    FromWorker,
    decode_to_worker,
    encode,
)
from hub.engine.worker.cache import Cache
from hub.engine.worker.context import Attempt
from hub.engine.worker.executor import Execution, NodeFailed
from hub.engine.worker.node_classes import NodeClasses
from hub.engine.worker.node_code import RunCancelled
from hub.engine.worker.staging import Staging
from hub.records.run import ErrorKind, RunError
from hub.wire import frame, read_frame

log = structlog.get_logger()


class Outbox:
    """Messages on their way to the hub; any thread may add one."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._loop = asyncio.get_running_loop()
        self._boot = uuid.uuid4().hex
        self._messages: deque[FromWorker] = deque()
        self._scheduled = False

    def tell(self, message: FromWorker) -> None:
        self._messages.append(message)
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_soon_threadsafe(self._flush)

    def _flush(self) -> None:
        # Cleared first: whatever is added from here on schedules a flush of its own.
        self._scheduled = False
        messages = []
        while self._messages:
            messages.append(self._messages.popleft())
        if messages:
            batch = Batch(boot=self._boot, messages=tuple(messages))
            self._writer.write(frame(encode(batch)))


class Session:
    """Carries out what the hub orders.

    State: `_attempts` are the attempts that have not ended, by run; a cancelled one that has not
    begun is taken out and answered at once.
    """

    def __init__(
        self, outbox: Outbox, folders: Folders, classes: NodeClasses, cache: Cache, slots: int
    ) -> None:
        self._outbox = outbox
        self._folders = folders
        self._classes = classes
        self._cache = cache
        self._input_files = InputFiles(folders)
        self._light = ThreadPoolExecutor(slots, "slot", initializer=_use_one_thread)
        self._heavy = ThreadPoolExecutor(1, "execution")
        self._attempts: dict[str, tuple[Attempt, Execution]] = {}

    async def serve(self, reader: asyncio.StreamReader) -> None:
        """Take orders until the hub closes the socket."""
        async with asyncio.TaskGroup() as tasks:
            while (payload := await read_frame(reader)) is not None:
                match decode_to_worker(payload):
                    case Execute() as order:
                        tasks.create_task(self._execute(order), name=order.run)
                    case Cancel(run=run, attempt=number):
                        self._cancel(run, number)

    async def _execute(self, order: Execute) -> None:
        attempt = Attempt(
            order,
            Staging(self._folders.staging, order.run, order.attempt),
            self._input_files,
            self._outbox.tell,
        )
        execution = Execution(attempt, self._classes, self._cache)
        self._attempts[order.run] = (attempt, execution)
        threads = self._threads(order)
        loop = asyncio.get_running_loop()

        async def in_thread(work: Callable[[], None]) -> None:
            await loop.run_in_executor(threads, _without_gradients, work)

        try:
            await execution.carry_out(in_thread)
        except* NodeFailed as group:
            self._fail(order, group.exceptions[0])
        except* RunCancelled:
            if order.run in self._attempts:
                self._outbox.tell(Cancelled(run=order.run, attempt=order.attempt))
        except* Exception as group:  # the executor's home for them: our own bug, or a full disk
            log.exception("attempt failed unexpectedly", run=order.run)
            self._fail(order, group.exceptions[0])
        finally:
            self._attempts.pop(order.run, None)

    def _fail(self, order: Execute, failure: BaseException) -> None:
        error = (
            failure.error
            if isinstance(failure, NodeFailed)
            else RunError(
                kind=ErrorKind.NODE_FAILED, message=f"{type(failure).__name__}: {failure}"
            )
        )
        self._outbox.tell(Failed(run=order.run, attempt=order.attempt, error=error))

    def _cancel(self, run: str, number: int) -> None:
        attempt, execution = self._attempts.get(run, (None, None))
        if attempt is None or execution is None or attempt.order.attempt != number:
            return
        attempt.cancelled = True
        if not execution.begun:
            del self._attempts[run]
            self._outbox.tell(Cancelled(run=run, attempt=number))

    def _threads(self, order: Execute) -> ThreadPoolExecutor:
        classes = (self._classes[node["class_type"]] for node in order.graph.values())
        return self._light if all(c.schema.light for c in classes) else self._heavy


def _use_one_thread() -> None:
    """Slots work side by side; each spinning on all cores would only be in the others' way."""
    torch.set_num_threads(1)


def _without_gradients(work: Callable[[], None]) -> None:
    with torch.no_grad():
        work()
