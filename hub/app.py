"""The composition root: builds every part of a hub, in order, on one exit stack.

Nothing else knows everything. Parts are handed what they need and no more.
"""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import structlog
from aiohttp import web

from hub.automations.actions.base import Means
from hub.automations.automation import Automation
from hub.automations.firing import FiringRunner
from hub.automations.loading import Configuration, read_configuration
from hub.automations.supervisor import Supervisor
from hub.automations.templates import Templates
from hub.automations.watching import Watch
from hub.automations.why import Why
from hub.clock import Clock, SystemClock
from hub.engine.engine import Engine
from hub.errors import Conflict
from hub.notices import Notices
from hub.probe.pool import ProbePool
from hub.records.event import Event
from hub.runs.publication import Publisher
from hub.runs.recorder import Recorder
from hub.runs.service import Runs
from hub.runs.workflow_runs import WorkflowRuns
from hub.storage.books import Books
from hub.storage.data_lock import announce, lock_data, withdraw
from hub.storage.database import Database
from hub.storage.ledger import TriggerLedger
from hub.storage.occurrences import TriggerOccurrences
from hub.triggers.webhook_registry import WebhookRegistry
from hub.web.parts import Parts
from hub.web.server import build

log = structlog.get_logger()


class Hub:
    """A running hub, for as long as its block lasts.

    `port` 0 takes a free one, None the configured one. Without `automations` nothing is watched:
    such are the short-lived hubs of single commands, which start a worker only for a run.
    Raises `ConfigurationInvalid` for a broken hub.yaml, `DataFolderInUse` while another hub has
    the data folder.
    """

    def __init__(
        self,
        config: Path,
        *,
        port: int | None = None,
        automations: bool = True,
        clock: Clock | None = None,
        worker_module: str = "hub.engine.worker",
    ) -> None:
        self.configuration: Configuration
        self.notices = Notices()
        self.address = ""
        self._config = config
        self._port = port
        self._with_automations = automations
        self._clock = clock or SystemClock()
        self._worker_module = worker_module
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        try:
            await self._start(self._stack)
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # Whatever went wrong inside the block: task groups that hear of it wrap it in a group.
        await self._stack.aclose()

    async def _start(self, stack: AsyncExitStack) -> None:
        self.configuration = await asyncio.to_thread(read_configuration, self._config)
        folders = self.configuration.folders
        stack.enter_context(lock_data(folders.data))
        await asyncio.to_thread(folders.make)
        database = await stack.enter_async_context(Database(folders.database))
        self.books = Books(database, folders, self.configuration.settings.minimum_free, self._clock)
        self._probe = await stack.enter_async_context(ProbePool())
        self._webhooks = WebhookRegistry()
        background = await stack.enter_async_context(_Background())
        await self._start_engine(stack, background)
        await self._prepare_automations(stack)
        await self.runs.resume()
        if self._with_automations:
            background.start(self.supervisor.serve(), "supervisor")
            await self.supervisor.wait_until_watching()
        await self._serve_web(stack)  # last, so that whoever gets an answer finds everything there
        if self._with_automations:
            # Later still, since loading torch competes with all of the above for the processor.
            self.engine.start_workers()
        log.info("hub is running", address=self.address, data=str(folders.data))

    async def _start_engine(self, stack: AsyncExitStack, background: "_Background") -> None:
        folders, books = self.configuration.folders, self.books
        publisher = Publisher(
            database=books.database,
            placing=books.placing,
            folders=folders,
            notices=self.notices,
            clock=self._clock,
        )
        recorder = Recorder(
            database=books.database,
            repository=books.runs,
            publisher=publisher,
            folders=folders,
            notices=self.notices,
            clock=self._clock,
            tasks=background.tasks,
        )
        settings = self.configuration.settings.engine
        self.engine = await stack.enter_async_context(
            # It reads the built-in catalogue from disk.
            await asyncio.to_thread(
                Engine,
                settings,
                folders,
                recorder,
                self._clock,
                worker_module=self._worker_module,
            )
        )
        self.runs = Runs(
            engine=self.engine,
            recorder=recorder,
            publisher=publisher,
            repository=books.runs,
            notices=self.notices,
            clock=self._clock,
        )
        self._workflow_runs = WorkflowRuns(
            runs=self.runs,
            workflows=lambda: self.configuration.workflows,
            probe=self._probe,
            inputs=books.inputs,
            folders=folders,
        )
        background.start(publisher.serve(), "publisher")

    async def _prepare_automations(self, stack: AsyncExitStack) -> None:
        books = self.books
        templates = await stack.enter_async_context(
            Templates(self._clock, self.configuration.time_zone)
        )
        means = Means(
            runs=self.runs,
            workflow_runs=self._workflow_runs,
            outputs=books.outputs,
            placing=books.placing,
            database=books.database,
            templates=templates,
            folders=self.configuration.folders,
            clock=self._clock,
        )
        self.supervisor = Supervisor(
            automations=self.configuration.automations if self._with_automations else [],
            broken=self.configuration.broken,
            make_watch=self._make_watch,
            runner=FiringRunner(firings=books.firings, means=means, notices=self.notices),
            firings=books.firings,
            events=books.events,
            clock=self._clock,
        )

    def _make_watch(
        self, automation: Automation, index: int, offer: Callable[[Event], None]
    ) -> Watch:
        trigger, books = automation.triggers[index], self.books
        name = automation.trigger_id(index)
        return Watch(
            automation=automation.id,
            trigger=name,
            index=index,
            kind=trigger.kind,
            alias=trigger.alias or "",
            clock=self._clock,
            folders=self.configuration.folders,
            probe=self._probe,
            inputs=books.inputs,
            ledger=TriggerLedger(books.database, self._clock, automation.id, name),
            occurrences=TriggerOccurrences(books.database, automation.id, name),
            webhooks=self._webhooks,
            events=books.events,
            disk_space=books.disk_space,
            notices=self.notices,
            offer=offer,
        )

    async def _serve_web(self, stack: AsyncExitStack) -> None:
        runner = web.AppRunner(build(self._parts()), access_log=None, shutdown_timeout=2)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        settings = self.configuration.settings.server
        await _listen(runner, settings.host, settings.port if self._port is None else self._port)
        self.address = f"http://{settings.host}:{runner.addresses[0][1]}"
        data = self.configuration.folders.data
        stack.push_async_callback(asyncio.to_thread, withdraw, data)
        await asyncio.to_thread(announce, data, self.address)

    def _parts(self) -> Parts:
        books = self.books
        why = Why(
            supervisor=self.supervisor,
            ledger=books.ledger,
            events=books.events,
            firings=books.firings,
            runs=books.runs,
            outputs=books.outputs,
            folders=self.configuration.folders,
        )
        return Parts(
            runs=self.runs,
            workflow_runs=self._workflow_runs,
            books=books,
            engine=self.engine,
            supervisor=self.supervisor,
            why=why,
            workflows=lambda: self.configuration.workflows,
            webhooks=self._webhooks,
            probe=self._probe,
            folders=self.configuration.folders,
            notices=self.notices,
            clock=self._clock,
        )


class PortTaken(Conflict):
    """Something else listens on the hub's port."""

    def __init__(self, host: str, port: int, cause: OSError) -> None:
        super().__init__(
            f"The hub cannot listen on {host}:{port} ({cause.strerror}). Stop what is there, or "
            "choose another port with --port or in hub.yaml."
        )


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise PortTaken(host, port, error) from error


class _Background:
    """Tasks that run until the hub ends; one that fails is our own bug, and takes the hub down."""

    def __init__(self) -> None:
        self.tasks = asyncio.TaskGroup()
        self._endless: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        await self.tasks.__aenter__()
        return self

    def start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._endless.append(self.tasks.create_task(work, name=name))

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for task in self._endless:
            task.cancel()
        await self.tasks.__aexit__(kind, error, traceback)


async def serve(
    config: Path, *, port: int | None, started: Callable[[str, list[str]], None]
) -> None:
    """Run a hub until it is asked to stop (SIGINT, SIGTERM).

    `started` is told the address, and what is wrong with the configuration.
    """
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with Hub(config, port=port) as hub:
        started(hub.address, [str(problem) for problem in hub.configuration.problems])
        await stopped.wait()
