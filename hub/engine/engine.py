"""The engine: keeps workers alive, hands them jobs in order, and tells the sink what comes of them.

When a worker dies, the rule of deaths decides: an attempt that was alone in it counts a death,
those that were in company become suspects and go again alone, and those that had not begun go
again as if nothing had happened. Two deaths alone end a run.
"""

import asyncio
import dataclasses
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import structlog

from hub.clock import Clock
from hub.config.engine_settings import EngineSettings
from hub.config.folders import Folders
from hub.engine.catalogue import Catalogue
from hub.engine.folder_files import FolderFiles
from hub.engine.job import DEATHS_ALLOWED, Job, Sink
from hub.engine.messages import (
    Cancel,
    Cancelled,
    Done,
    Execute,
    Failed,
    FromWorker,
    NodeDone,
    NodeStarted,
    Progress,
    Ready,
    Started,
)
from hub.engine.waiting import Waiting
from hub.engine.worker_process import Attempt, Stage, WorkerProcess
from hub.records.run import ErrorKind, RunError

log = structlog.get_logger()
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 30.0


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkerStatus:
    """How a worker is. `runs` are the ids it holds."""

    pid: int
    ready: bool
    device: str
    slots: int
    runs: tuple[str, ...]


class Engine:
    """Takes jobs and carries them out in worker processes, as an async context manager.

    State: `_waiting` are the jobs no worker has; `_workers` the processes that are alive. A job is
    in just one of the two places.
    """

    def __init__(
        self,
        settings: EngineSettings,
        folders: Folders,
        sink: Sink,
        clock: Clock,
        *,
        worker_module: str = "hub.engine.worker",
        node_modules: tuple[str, ...] = (),
    ) -> None:
        self._settings = settings
        self._folders = folders
        self._sink = sink
        self._clock = clock
        self._module = worker_module
        self._node_modules = node_modules
        self._waiting = Waiting()
        self._workers: list[WorkerProcess] = []
        self._keepers: list[asyncio.Task[None]] = []
        self._tasks = asyncio.TaskGroup()
        self.catalogue = Catalogue.builtin(FolderFiles(folders))
        self.ready = asyncio.Event()

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        self._keepers = [
            self._tasks.create_task(self._keep_worker(), name=f"worker {number}")
            for number in range(self._settings.workers)
        ]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for keeper in self._keepers:
            keeper.cancel()
        await self._tasks.__aexit__(kind, error, traceback)

    def submit(self, job: Job) -> None:
        """Take a job. It is begun as soon as its turn comes and a worker has room."""
        self._waiting.add(job)
        self._feed()

    def cancel(self, run: str) -> bool:
        """Stop a run, or take it out of the queue; False if it is neither waiting nor held.

        A worker that does not heed this within `cancel_seconds` is replaced.
        """
        if job := self._waiting.withdraw(run):
            self._sink.cancelled(run, job.attempt)
            return True
        for worker in self._workers:
            if attempt := worker.attempts.get(run):
                self._cancel(worker, attempt)
                return True
        return False

    @property
    def waiting(self) -> int:
        """How many jobs no worker has yet."""
        return len(self._waiting)

    @property
    def workers(self) -> list[WorkerStatus]:
        return [
            WorkerStatus(
                pid=worker.pid,
                ready=worker.slots > 0,
                device=worker.device,
                slots=worker.slots,
                runs=tuple(worker.attempts),
            )
            for worker in self._workers
        ]

    def _feed(self) -> None:
        """Hand out jobs while there is room for the first."""
        for worker in self._workers:
            while worker.has_room and not worker.is_reserved and (job := self._waiting.first()):
                if job.suspect and worker.attempts:
                    break  # it must be alone, and nothing may overtake it for ever
                self._waiting.withdraw(job.run)
                attempt = Attempt(job, job.attempt + 1)
                worker.attempts[job.run] = attempt
                self._tasks.create_task(self._begin(worker, attempt), name=f"begin {job.run}")

    async def _begin(self, worker: WorkerProcess, attempt: Attempt) -> None:
        """Put the attempt on disk, then hand it over, unless it was stopped meanwhile."""
        job = attempt.job
        await self._sink.starting(job.run, attempt.number)
        if worker.attempts.get(job.run) is not attempt:
            return
        if attempt.cancelled:
            del worker.attempts[job.run]
            self._sink.cancelled(job.run, attempt.number)
            self._feed()
            return
        attempt.stage = Stage.SENT
        worker.send(
            Execute(
                run=job.run,
                attempt=attempt.number,
                graph=job.graph,
                targets=job.targets,
                extra=job.extra,
                alone=job.suspect,
                fresh=job.fresh,
            )
        )

    def _cancel(self, worker: WorkerProcess, attempt: Attempt) -> None:
        attempt.cancelled = True
        if attempt.stage is Stage.STARTING:
            return
        run = attempt.job.run
        worker.send(Cancel(run=run, attempt=attempt.number))

        def replace_if_unheeded() -> None:
            if worker.attempts.get(run) is attempt:
                log.warning("worker does not heed a cancelled run and is replaced", run=run)
                worker.condemn()

        asyncio.get_running_loop().call_later(self._settings.cancel_seconds, replace_if_unheeded)

    async def _keep_worker(self) -> None:
        """Keep one worker alive for ever; one that cannot start is tried again ever more slowly."""
        pause = FIRST_PAUSE
        while True:
            worker = await WorkerProcess.start(
                self._module, self._settings, self._folders, self._node_modules
            )
            self._workers.append(worker)
            try:
                await self._listen(worker)
            finally:
                self._workers.remove(worker)
                exit_code = await asyncio.shield(worker.end())
            log.warning("worker ended", pid=worker.pid, exit_code=exit_code)
            self._bury(worker)
            if worker.slots:
                pause = FIRST_PAUSE
                continue
            await self._clock.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _listen(self, worker: WorkerProcess) -> None:
        async for message in worker.messages():
            if isinstance(message, Ready):
                self._welcome(worker, message)
            elif attempt := worker.attempt_of(message):
                self._report(worker, attempt, message)

    def _welcome(self, worker: WorkerProcess, ready: Ready) -> None:
        worker.slots, worker.device = ready.slots, ready.device
        self.catalogue.update(ready.catalogue)
        self.ready.set()
        self._feed()

    def _report(self, worker: WorkerProcess, attempt: Attempt, message: FromWorker) -> None:
        match message:
            case Started(run=run, attempt=number, cached=cached):
                attempt.stage = Stage.BEGUN
                self._sink.begun(run, number, cached)
            case NodeStarted(run=run, attempt=number, node=node):
                self._sink.node_started(run, number, node)
            case Progress():
                self._sink.progressed(message)
            case NodeDone():
                self._sink.node_done(message)
            case Done(run=run, attempt=number):
                self._let_go(worker, run)
                self._sink.done(run, number)
            case Failed(run=run, attempt=number, error=error):
                self._let_go(worker, run)
                self._sink.failed(run, number, error)
            case Cancelled(run=run, attempt=number):
                self._let_go(worker, run)
                self._sink.cancelled(run, number)

    def _let_go(self, worker: WorkerProcess, run: str) -> None:
        del worker.attempts[run]
        self._feed()

    def _bury(self, worker: WorkerProcess) -> None:
        """Decide what becomes of the attempts that a dead worker held."""
        if not self._workers or all(not other.slots for other in self._workers):
            self.ready.clear()
        attempts = list(worker.attempts.values())
        worker.attempts.clear()
        begun = [attempt for attempt in attempts if attempt.stage is Stage.BEGUN]
        for attempt in attempts:
            if attempt.cancelled:
                self._sink.cancelled(attempt.job.run, attempt.number)
            elif worker.condemned or attempt not in begun:
                self._again(attempt, attempt.job)
            else:
                self._judge(attempt, alone=len(begun) == 1)
        self._feed()

    def _judge(self, attempt: Attempt, *, alone: bool) -> None:
        job = attempt.job
        deaths = job.deaths + alone
        if deaths < DEATHS_ALLOWED:
            suspect = job.suspect or not alone
            self._again(attempt, dataclasses.replace(job, deaths=deaths, suspect=suspect))
            return
        message = (
            f"The worker died {deaths} times while it carried out this run alone. "
            "It is not tried again by itself; look at its inputs, or at the memory it needs."
        )
        error = RunError(kind=ErrorKind.WORKER_DIED, message=message)
        self._sink.failed(job.run, attempt.number, error)

    def _again(self, attempt: Attempt, job: Job) -> None:
        self._sink.interrupted(job.run, attempt.number, job.deaths, job.suspect)
        self._waiting.add(dataclasses.replace(job, attempt=attempt.number))
