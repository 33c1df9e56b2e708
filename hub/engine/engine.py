"""The engine: takes jobs, keeps the workers alive that carry them out, and tells a sink."""

import asyncio
from types import TracebackType
from typing import Self

from hub.clock import Clock
from hub.config.engine_settings import EngineSettings
from hub.config.folders import Folders
from hub.engine.asking import Asking
from hub.engine.catalogue import Catalogue, builtin_schemas
from hub.engine.check import Checked
from hub.engine.dispatch import Dispatch
from hub.engine.folder_files import FolderFiles
from hub.engine.homes import HeldUp, held_up, trouble
from hub.engine.job import Job, Sink
from hub.engine.keeper import Keeper, WorkerState, WorkerStatus
from hub.engine.messages import (
    ClassesAnswered,
    Free,
    FromWorker,
    ModelsLoaded,
    Objection,
    PackMessage,
    PackPrompt,
    Ready,
)
from hub.engine.pack_additions import PackAdditions
from hub.engine.planned_worker import PlannedWorker, planned_workers
from hub.engine.watch import Watch
from hub.engine.worker_process import WorkerProcess
from hub.notices import Notices, WorkerChanged
from hub.records.node_pack import NodePack


class Engine:
    """Carries out jobs in worker processes, as an async context manager.

    Workers are started with the first job, or by `start_workers`. `ready` is set while a worker can
    take jobs; `_keepers` keep one worker each, the primary one first; `packs_by_worker` is what
    each said last of its node packs, nothing before it was ready; `additions` what the
    packs add to the hub.
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
        notices: Notices | None = None,
    ) -> None:
        self._settings = settings
        self._sink = sink
        self._module = worker_module
        self._node_modules = node_modules
        self._notices = notices or Notices()
        self._keepers = [
            Keeper(plan, self._start, clock, self) for plan in planned_workers(settings, folders)
        ]
        self._keeping: list[asyncio.Task[None]] = []
        self._wanted = asyncio.Event()
        self._tasks = asyncio.TaskGroup()
        names = [keeper.plan.name for keeper in self._keepers]
        self.files = FolderFiles(folders)
        self.catalogue = Catalogue((), self.files, names)
        self.packs_by_worker: dict[str, tuple[NodePack, ...]] = dict.fromkeys(names, ())
        self.additions = PackAdditions(names)
        self._asking = Asking(self.catalogue)
        self.ready = asyncio.Event()
        self._dispatch = Dispatch(
            sink=sink,
            clock=clock,
            catalogue=self.catalogue,
            cancel_seconds=settings.cancel_seconds,
            tasks=self._tasks,
        )
        self._watch = Watch(settings, clock, self._dispatch)

    async def __aenter__(self) -> Self:
        self.catalogue.update(await asyncio.to_thread(builtin_schemas))
        await self._tasks.__aenter__()
        self._tasks.create_task(asyncio.to_thread(self.files.read_models), name="models")
        self._keeping = [
            self._tasks.create_task(self._keep(keeper), name=f"worker {keeper.plan.name}")
            for keeper in self._keepers
        ]
        self._keeping.append(self._tasks.create_task(self._watch.keep(), name="watch"))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for task in self._keeping:
            task.cancel()
        self._dispatch.close()
        async with self.additions:
            await self._tasks.__aexit__(kind, error, traceback)

    def start_workers(self) -> None:
        """Have workers ready before there is a job, as loading torch takes them seconds."""
        self._wanted.set()

    async def objections(self, checked: Checked) -> dict[str, Objection]:
        """What classes that check inputs by code of their own have against those of a graph, by
        node; nothing where no worker is there that tells in time."""
        return await self._asking.objections(checked, self._dispatch.workers)

    def submit(self, job: Job) -> None:
        """Take a job. It is begun as soon as its turn comes and a worker has room."""
        self.start_workers()
        self._dispatch.submit(job)
        self._watch.wake()

    def cancel(self, run: str) -> bool:
        """Stop a run, or take it out of the queue; False if it is neither waiting nor held.

        A worker that does not heed this within `cancel_seconds` is replaced.
        """
        return self._dispatch.cancel(run)

    def move(self, run: str, *, priority: int, position: float) -> bool:
        """Give a job that waits another turn; False if it does not wait."""
        return self._dispatch.move(run, priority=priority, position=position)

    def free(self, *, cache: bool, models: bool) -> None:
        """Have every worker give memory back once the runs it has now are over: what its device
        holds in reserve, with `cache` what it keeps of nodes, and with `models` what it has made of
        model files."""
        for keeper in self._keepers:
            if keeper.process and keeper.process.is_ready:
                keeper.process.send(Free(cache=cache, models=models))

    @property
    def waiting(self) -> int:
        """How many jobs no worker has yet."""
        return len(self._dispatch.waiting)

    @property
    def held_up(self) -> list[HeldUp]:
        """The jobs that wait for workers of which none is ready."""
        return held_up(self._dispatch.waiting.kinds, self.catalogue, self.workers)

    def held_up_by(self, run: str) -> str | None:
        """What is wrong with all workers that might take a run which waits, as a sentence without
        its beginning and end; None if it does not wait for that."""
        kind = self._dispatch.waiting.kind_of(run)
        return trouble(kind, self.catalogue, self.workers) if kind else None

    @property
    def workers(self) -> list[WorkerStatus]:
        """All that there should be, the primary one first."""
        return [
            keeper.status(primary=place == 0, packs=self._packs_of(keeper.plan.name))
            for place, keeper in enumerate(self._keepers)
        ]

    @property
    def packs(self) -> tuple[NodePack, ...]:
        """Each pack once, as the first worker that could load it told, or could not."""
        found: dict[str, NodePack] = {}
        for packs in self.packs_by_worker.values():
            for pack in packs:
                if pack.name not in found or (pack.is_loaded and not found[pack.name].is_loaded):
                    found[pack.name] = pack
        return tuple(found.values())

    def worker_changed(self, name: str, state: WorkerState, reason: str | None) -> None:
        """For those who watch."""
        self._notices.publish(WorkerChanged(worker=name, state=state.value, reason=reason))

    def worker_ready(self, worker: WorkerProcess, ready: Ready) -> None:
        """Jobs go to it from now on."""
        self.packs_by_worker[worker.name] = ready.packs
        self.additions.join(worker.name, ready)
        self.files.learn(ready.models)
        rooted = frozenset(f"custom_nodes.{pack.name}" for pack in ready.packs if pack.routes)
        has_news = self.catalogue.report(worker.name, ready.catalogue, rooted)
        self.ready.set()
        self._dispatch.join(worker, has_news=has_news)

    def worker_said(self, worker: WorkerProcess, message: FromWorker) -> None:
        """Something about a job, about its models, or for ComfyUI's clients."""
        match message:
            case PackMessage():
                self._sink.pack_spoke(message)
            case PackPrompt():
                self._sink.pack_posted(message)
            case ModelsLoaded():
                self._dispatch.learn_models(worker, message)
            case ClassesAnswered():
                self._asking.take(message)
            case _:
                self._dispatch.report(worker, message)

    async def worker_ended(self, worker: WorkerProcess) -> None:
        """The jobs that it held go elsewhere, or end."""
        self._asking.bury(worker)
        await self.additions.leave(worker.name)
        if not any(other.ready for other in self.workers):
            self.ready.clear()
        self._dispatch.bury(worker)

    def _packs_of(self, worker: str) -> tuple[str, ...]:
        return tuple(pack.name for pack in self.packs_by_worker[worker] if pack.is_loaded)

    async def _keep(self, keeper: Keeper) -> None:
        await self._wanted.wait()
        await keeper.keep()

    async def _start(self, plan: PlannedWorker) -> WorkerProcess:
        return await WorkerProcess.start(self._module, self._settings, plan, self._node_modules)
