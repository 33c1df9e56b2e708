"""The watch over workers: ends what takes the machine's memory, and what would never end."""

import asyncio

import structlog

from hub.clock import Clock
from hub.config.engine_settings import EngineSettings
from hub.engine.dispatch import Dispatch
from hub.engine.process_usage import Activity, memory_of, whole_memory
from hub.engine.worker_process import Attempt, WorkerProcess
from hub.records.run import ErrorKind, RunError

log = structlog.get_logger()
SECONDS_BETWEEN_LOOKS = 0.25
_SHARE_OF_MEMORY = 0.9
_LOOKS_AT_ACTIVITY = 20  # in the time after which a run counts as stalled


class Watch:
    """Looks at the workers while there is anything to do; costs nothing while there is not.

    State: `_activities` say when each worker last used the CPU; they are looked at again when
    `_next_activity` has come.
    """

    def __init__(self, settings: EngineSettings, clock: Clock, dispatch: Dispatch) -> None:
        self._settings = settings
        self._clock = clock
        self._dispatch = dispatch
        self._memory_limit = settings.memory_limit
        self._activities: dict[WorkerProcess, Activity] = {}
        self._next_activity = 0.0
        self._wanted = asyncio.Event()

    def wake(self) -> None:
        """There is something to do."""
        self._wanted.set()

    async def keep(self) -> None:
        """For ever."""
        if self._memory_limit is None and (memory := await asyncio.to_thread(whole_memory)):
            self._memory_limit = int(memory * _SHARE_OF_MEMORY)
        while True:
            await self._wanted.wait()
            await self._clock.sleep(SECONDS_BETWEEN_LOOKS)
            if self._dispatch.is_idle:
                self._activities.clear()
                self._wanted.clear()
                continue
            workers = [worker for worker in self._dispatch.workers if worker.attempts]
            await self._look_at_memory(workers)
            await self._look_at_activity(workers)
            for worker in workers:
                self._look_at_attempts(worker)

    async def _look_at_memory(self, workers: list[WorkerProcess]) -> None:
        limit = self._memory_limit
        if limit is None:
            return
        for worker in workers:
            reached = await asyncio.to_thread(memory_of, worker.pid)
            if reached is not None and reached > limit and not worker.ended:
                facts = {"worker": worker.name, "bytes": reached, "limit": limit}
                log.warning("worker has too much memory and is ended", **facts)
                worker.kill_as_too_large(reached, limit)

    async def _look_at_activity(self, workers: list[WorkerProcess]) -> None:
        now = self._clock.monotonic()
        if now < self._next_activity:
            return
        self._next_activity = now + self._settings.stall_seconds / _LOOKS_AT_ACTIVITY
        self._activities = {
            worker: self._activities.get(worker) or Activity(worker.pid, now) for worker in workers
        }
        for activity in self._activities.values():
            await asyncio.to_thread(activity.look, now)

    def _look_at_attempts(self, worker: WorkerProcess) -> None:
        now = self._clock.monotonic()
        for attempt in list(worker.attempts.values()):
            if attempt.begun and attempt.verdict is None and not attempt.cancelled:
                error = self._overdue(attempt, now) or self._stalled(attempt, now)
                if error:
                    self._dispatch.stop(attempt, error)

    def _overdue(self, attempt: Attempt, now: float) -> RunError | None:
        limit = self._settings.node_seconds
        for node, since in attempt.under_way.items():
            if limit is not None and now - since > limit:
                what = (
                    f"has run for more than {limit:g} seconds, the most that `engine.node_seconds`"
                    " in hub.yaml allows. Give it less to do, or raise that limit"
                )
                return _ended_by_us(attempt, node, what, "NodeTimeExceeded")
        return None

    def _stalled(self, attempt: Attempt, now: float) -> RunError | None:
        limit = self._settings.stall_seconds
        activity = self._activities.get(attempt.worker)
        if activity is None or now - max(attempt.heard_at, activity.seen_at) <= limit:
            return None
        what = (
            f"has told nothing for more than {limit:g} seconds, in which its worker did nothing at"
            " all: it waits for something that does not come, such as a lock or an answer from"
            " elsewhere. If it may wait longer, raise `engine.stall_seconds` in hub.yaml"
        )
        return _ended_by_us(attempt, attempt.node, what, "Stalled")


def _ended_by_us(attempt: Attempt, node: str | None, what: str, kind: str) -> RunError:
    class_type = attempt.class_of(node)
    subject = f"Node {node} ({class_type})" if class_type else "The run"
    return RunError(
        kind=ErrorKind.TIMED_OUT,
        message=f"{subject} {what}.",
        exception_type=kind,
        node=node,
        node_type=class_type,
    )
