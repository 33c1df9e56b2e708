"""Keeps one worker alive: starts it, hands on what it says, and starts it again when it ends."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import structlog

from hub.clock import Clock
from hub.engine.messages import CannotStart, DeviceMemory, FromWorker, LoadedModel, Ready
from hub.engine.planned_worker import PlannedWorker
from hub.engine.worker_death import Death
from hub.engine.worker_process import WorkerProcess
from hub.errors import Unavailable

log = structlog.get_logger()
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 30.0


class WorkerState(StrEnum):
    """How a worker is. One that ended after it was ready is `restarting`; one that ended before is
    `cannot_start` until it is ready, also while that is tried again."""

    NOT_STARTED = "not_started"
    STARTING = "starting"
    READY = "ready"
    RESTARTING = "restarting"
    CANNOT_START = "cannot_start"


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkerStatus:
    """How a worker is; `runs` are the ids it holds.

    `device` is what it is to use, `hardware` what that is; `devices` tells of its memory, and
    `models` what is loaded there, both as it told last. While it does not carry out runs,
    `reason` says why, and `retry_in` in how many seconds it is started again. `ended_at` and
    `ended_why` tell of the process before this one, if that ended though it had been ready.
    """

    name: str
    state: WorkerState
    device: str
    primary: bool
    pid: int | None = None
    ready: bool = False
    hardware: str = ""
    slots: int = 0
    runs: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()
    models: tuple[LoadedModel, ...] = ()
    devices: tuple[DeviceMemory, ...] = ()
    reason: str | None = None
    retry_in: float | None = None
    ended_at: datetime | None = None
    ended_why: str | None = None


class Listener(Protocol):
    """Who is told of a worker."""

    def worker_changed(self, name: str, state: WorkerState, reason: str | None) -> None: ...

    def worker_ready(self, worker: WorkerProcess, ready: Ready) -> None: ...

    def worker_said(self, worker: WorkerProcess, message: FromWorker) -> None: ...

    async def worker_ended(self, worker: WorkerProcess) -> None: ...


class Keeper:
    """Keeps the worker `plan`.

    State: `process` is the worker while there is one; `_reason` says why there is none that is
    ready, and `_retry_at` when the next is started, by the clock's `monotonic`; `_ended` is when
    and why a ready one ended last.
    """

    def __init__(
        self,
        plan: PlannedWorker,
        start: Callable[[PlannedWorker], Awaitable[WorkerProcess]],
        clock: Clock,
        listener: Listener,
    ) -> None:
        self.plan = plan
        self.process: WorkerProcess | None = None
        self.state = WorkerState.NOT_STARTED
        self._start = start
        self._clock = clock
        self._listener = listener
        self._reason: str | None = None
        self._retry_at: float | None = None
        self._ended: tuple[datetime, str] | None = None

    async def keep(self) -> None:
        """For ever; a worker that cannot start is tried again ever more slowly, so that what it
        lacks can be put in its place while the hub runs, and its runs go on."""
        pause = FIRST_PAUSE
        while True:
            if await self._live_through_worker():
                pause = FIRST_PAUSE
                continue
            self._retry_at = self._clock.monotonic() + pause
            self._become(WorkerState.CANNOT_START, self._reason)
            await self._clock.sleep(pause)
            self._retry_at = None
            pause = min(pause * 2, LONGEST_PAUSE)

    def status(self, *, primary: bool, packs: tuple[str, ...]) -> WorkerStatus:
        """How it is now."""
        process = self.process
        ended_at, ended_why = self._ended or (None, None)
        retry_in = None
        if self._retry_at is not None:
            retry_in = max(0.0, self._retry_at - self._clock.monotonic())
        return WorkerStatus(
            name=self.plan.name,
            state=self.state,
            device=self.plan.device,
            primary=primary,
            pid=process.pid if process else None,
            ready=process is not None and process.is_ready,
            hardware=process.device if process else "",
            slots=process.slots if process else 0,
            runs=tuple(process.attempts) if process else (),
            packs=packs,
            models=process.memory.models if process else (),
            devices=process.memory.devices if process else (),
            reason=self._reason,
            retry_in=retry_in,
            ended_at=ended_at,
            ended_why=ended_why,
        )

    def _become(self, state: WorkerState, reason: str | None) -> None:
        self.state, self._reason = state, reason
        self._listener.worker_changed(self.plan.name, state, reason)

    async def _live_through_worker(self) -> bool:
        """Start a worker and listen to it until it ends. Whether it was ever ready."""
        if self.state is WorkerState.NOT_STARTED:
            self._become(WorkerState.STARTING, None)
        try:
            worker = await self._start(self.plan)
        except (OSError, Unavailable) as error:
            if str(error) != self._reason:  # else it was told before
                log.warning("worker cannot be started", worker=self.plan.name, reason=str(error))
            self._reason = str(error)
            return False
        self.process = worker
        try:
            told = await self._listen(worker)
        finally:
            worker.ended = True
            self.process = None
            exit_code = await asyncio.shield(worker.end())
        was_ready = worker.slots > 0
        self._reason = told or _ending(worker.death, was_ready=was_ready)
        log.warning(
            "worker ended",
            worker=self.plan.name,
            pid=worker.pid,
            exit_code=exit_code,
            reason=self._reason,
        )
        if was_ready:
            self._ended = self._clock.now(), self._reason
            self._become(WorkerState.RESTARTING, self._reason)
        await self._listener.worker_ended(worker)
        return was_ready

    async def _listen(self, worker: WorkerProcess) -> str | None:
        """Until it ends; what it said of its end."""
        reason: str | None = None
        async for message in worker.messages():
            match message:
                case Ready():
                    worker.slots, worker.device = message.slots, message.device
                    self._become(WorkerState.READY, None)
                    self._listener.worker_ready(worker, message)
                case CannotStart():
                    reason = message.reason
                case _:
                    self._listener.worker_said(worker, message)
        return reason


def _ending(death: Death, *, was_ready: bool) -> str:
    """With what to do, where it is not about a run."""
    code = death.exit_code
    how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
    if was_ready:
        return f"It ended {how}."
    said = f", and said: {death.last_error.removesuffix('.')}" if death.last_error else ""
    return (
        f"It ended {how} before it was ready{said}. Put that right, such as by installing what it"
        " lacks; it is tried again by itself. The log of the hub has all that it said."
    )
