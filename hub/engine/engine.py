"""The engine: takes jobs, keeps the workers alive that carry them out, and tells a sink."""

import asyncio
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import structlog

from hub.clock import Clock
from hub.config.engine_settings import EngineSettings
from hub.config.folders import Folders
from hub.engine.catalogue import Catalogue, builtin_schemas
from hub.engine.dispatch import Dispatch
from hub.engine.folder_files import FolderFiles
from hub.engine.job import Job, Sink
from hub.engine.messages import Ready
from hub.engine.worker_process import WorkerProcess
from hub.records.node_pack import NodePack

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
    """Carries out jobs in worker processes, as an async context manager.

    Workers are started with the first job, or by `start_workers`. `ready` is set while a worker can
    take jobs; `_workers` are the processes that are alive; `packs` what the last one to start said
    of its node packs.
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
        self._clock = clock
        self._module = worker_module
        self._node_modules = node_modules
        self._workers: list[WorkerProcess] = []
        self._keepers: list[asyncio.Task[None]] = []
        self._wanted = asyncio.Event()
        self._tasks = asyncio.TaskGroup()
        self.catalogue = Catalogue((), FolderFiles(folders))
        self.packs: tuple[NodePack, ...] = ()
        self.ready = asyncio.Event()
        self._dispatch = Dispatch(
            sink=sink,
            clock=clock,
            catalogue=self.catalogue,
            cancel_seconds=settings.cancel_seconds,
            tasks=self._tasks,
        )

    async def __aenter__(self) -> Self:
        self.catalogue.update(await asyncio.to_thread(builtin_schemas))
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
        self._dispatch.close()
        await self._tasks.__aexit__(kind, error, traceback)

    def start_workers(self) -> None:
        """Have workers ready before there is a job, as loading torch takes them seconds."""
        self._wanted.set()

    def submit(self, job: Job) -> None:
        """Take a job. It is begun as soon as its turn comes and a worker has room."""
        self.start_workers()
        self._dispatch.submit(job)

    def cancel(self, run: str) -> bool:
        """Stop a run, or take it out of the queue; False if it is neither waiting nor held.

        A worker that does not heed this within `cancel_seconds` is replaced.
        """
        return self._dispatch.cancel(run)

    @property
    def waiting(self) -> int:
        """How many jobs no worker has yet."""
        return len(self._dispatch.waiting)

    @property
    def workers(self) -> list[WorkerStatus]:
        return [
            WorkerStatus(
                pid=worker.pid,
                ready=worker.is_ready,
                device=worker.device,
                slots=worker.slots,
                runs=tuple(worker.attempts),
            )
            for worker in self._workers
        ]

    async def _keep_worker(self) -> None:
        """Keep one worker alive for ever; one that cannot start is tried again ever more slowly."""
        await self._wanted.wait()
        pause = FIRST_PAUSE
        while True:
            if await self._live_through_worker():
                pause = FIRST_PAUSE
                continue
            await self._clock.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _live_through_worker(self) -> bool:
        """Start a worker and listen to it until it ends. Whether it was ever ready."""
        try:
            worker = await WorkerProcess.start(
                self._module, self._settings, self._folders, self._node_modules
            )
        except OSError as error:
            log.warning("worker cannot be started", reason=str(error))
            return False
        self._workers.append(worker)
        try:
            await self._listen(worker)
        finally:
            worker.ended = True
            self._workers.remove(worker)
            exit_code = await asyncio.shield(worker.end())
        log.warning("worker ended", pid=worker.pid, exit_code=exit_code)
        if not any(other.is_ready for other in self._workers):
            self.ready.clear()
        self._dispatch.bury(worker)
        return worker.slots > 0

    async def _listen(self, worker: WorkerProcess) -> None:
        async for message in worker.messages():
            if isinstance(message, Ready):
                worker.slots, worker.device = message.slots, message.device
                self.catalogue.update(message.catalogue)
                self.packs = message.packs
                self.ready.set()
                self._dispatch.join(worker)
            else:
                self._dispatch.report(worker, message)
