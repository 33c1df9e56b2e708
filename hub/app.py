"""The composition root: builds every part of a hub, in order, on one exit stack.

Nothing else knows everything. Parts are handed what they need and no more.
"""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from hub.automations.actions.base import Means
from hub.automations.control import Control
from hub.automations.ended_runs import EndedRuns
from hub.automations.facts import Facts
from hub.automations.farewell import say_farewell
from hub.automations.firing import FiringRunner
from hub.automations.happenings import Happenings
from hub.automations.judging import Judge
from hub.automations.live_configuration import LiveConfiguration
from hub.automations.loading import Configuration
from hub.automations.outcomes import Outcomes
from hub.automations.rehearsal import Rehearsal
from hub.automations.supervisor import Supervisor
from hub.automations.switches import Switches
from hub.automations.template_answers import Answers
from hub.automations.templates import Templates
from hub.automations.trigger import AnyTrigger
from hub.automations.waiting import Waiting
from hub.automations.watching import Watch
from hub.automations.why import Why
from hub.background import Background
from hub.clock import Clock, SystemClock
from hub.deliveries.completions import Completions
from hub.deliveries.courier import Courier
from hub.deliveries.notifier import Notifier
from hub.deliveries.owner import Owner
from hub.engine.engine import Engine
from hub.log import write_log_as
from hub.notices import Notices
from hub.probe.pool import ProbePool
from hub.recent_log import RECENT_LOG
from hub.records.event import Event
from hub.records.wait import waiting_step
from hub.retention.retention import Retention
from hub.runs.publication import Publisher
from hub.runs.queue import RunQueue
from hub.runs.recorder import Recorder
from hub.runs.service import Runs
from hub.runs.workflow_runs import WorkflowRuns
from hub.storage.books import Books
from hub.storage.data_lock import announce, lock_data, withdraw
from hub.storage.database import Database
from hub.storage.ledger import TriggerLedger
from hub.storage.occurrences import TriggerOccurrences
from hub.triggers.life import Life
from hub.triggers.webhook_registry import PlaceInLine, WebhookRegistry
from hub.web.door import Door
from hub.web.listening import listening
from hub.web.meter import Meter
from hub.web.parts import Parts
from hub.web.server import build
from hub.web.shapes import run_shape

log = structlog.get_logger()


class Hub:
    """A running hub, for as long as its block lasts.

    `port` 0 takes a free one, None the configured one. Without `automations` nothing is watched:
    such are the short-lived hubs of single commands, which start a worker only for a run. `safe`
    starts with every automation off, for this once.
    Raises `ConfigurationInvalid` for a broken hub.yaml, `DataFolderInUse` while another hub has
    the data folder.
    """

    def __init__(
        self,
        config: Path,
        *,
        port: int | None = None,
        automations: bool = True,
        safe: bool = False,
        clock: Clock | None = None,
        worker_module: str = "hub.engine.worker",
    ) -> None:
        self.notices = Notices()
        self.address = ""
        self._port = port
        self._with_automations = automations
        self._safe = safe
        self._clock = clock or SystemClock()
        self.live = LiveConfiguration(config, self.notices, self._clock)
        self._worker_module = worker_module
        self._stack = AsyncExitStack()

    @property
    def configuration(self) -> Configuration:
        """As it was last read."""
        return self.live.current

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
        folders = (await self.live.read()).folders
        write_log_as(self.configuration.settings.log.format)
        RECENT_LOG.listen()
        stack.enter_context(lock_data(folders.data))
        await asyncio.to_thread(folders.make)
        database = await stack.enter_async_context(Database(folders.database))
        self.books = Books(database, folders, self.configuration.settings.minimum_free, self._clock)
        self._probe = await stack.enter_async_context(ProbePool())
        self.webhooks = WebhookRegistry()
        self._life = Life()
        background = await stack.enter_async_context(Background())
        self.courier = Courier(
            self.books.deliveries,
            self.configuration.settings.deliveries,
            notices=self.notices,
            clock=self._clock,
        )
        self._meter = Meter()
        stack.enter_context(self.notices.attach(self._meter))
        await self._start_engine(stack, background)
        await self._prepare_automations(stack)
        self._prepare_retention()
        await self.runs.resume()
        if self._with_automations:
            owner = Owner(
                self.configuration.settings.owner,
                notifier=self._notifier,
                firings=self.books.firings,
                notices=self.notices,
                clock=self._clock,
            )
            background.start(owner.serve(), "owner")
        supervising = background.start(self.supervisor.serve(), "supervisor")
        # Before what firings work with goes away: they would take that for a failure.
        stack.push_async_callback(background.end, supervising)
        await self.supervisor.wait_until_watching()
        if self._with_automations:
            self._life.is_starting = False
            stack.push_async_callback(say_farewell, self._life, self.notices)
            background.start(self.courier.serve(), "courier")
            background.start(self.retention.serve(), "retention")
            following = background.start(self.live.serve(self.supervisor), "configuration")
            # Before the supervisor, which could not begin anything new any more.
            stack.push_async_callback(background.end, following)
        await self._serve_web(stack)  # last, so that whoever gets an answer finds everything there
        if self._with_automations:
            # Later still, since loading torch competes with all of the above for the processor.
            self.engine.start_workers()
        log.info("hub is running", address=self.address, data=str(folders.data))

    async def _start_engine(self, stack: AsyncExitStack, background: Background) -> None:
        folders, books = self.configuration.folders, self.books
        publisher = Publisher(
            database=books.database,
            placing=books.placing,
            folders=folders,
            notices=self.notices,
            clock=self._clock,
        )
        self._tell_of_ends(publisher, background)
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
                notices=self.notices,
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

    def _tell_of_ends(self, publisher: Publisher, background: Background) -> None:
        completions = Completions(
            courier=self.courier,
            deliveries=self.books.deliveries,
            notices=self.notices,
            clock=self._clock,
            shape=run_shape,
        )
        publisher.ending = completions.record
        background.start(completions.serve(), "completions")

    async def _prepare_automations(self, stack: AsyncExitStack) -> None:
        books = self.books
        self._queue = RunQueue(self.notices, self.runs.all_unended)
        self._templates = await stack.enter_async_context(
            Templates(
                self._clock,
                self.configuration.time_zone,
                find_fact=Answers(self._probe, self.configuration.folders).find,
            )
        )
        self._notifier = Notifier(self.configuration.settings.notifiable, self._probe)
        self._outcomes = Outcomes(books, self.notices, self._templates)
        self.waiting = Waiting(
            make_watch=self._make_watch,
            events=books.events,
            waits=books.waits,
            zone=self.configuration.time_zone,
            location=self.configuration.settings.location,
            clock=self._clock,
        )
        means = self._means()
        self._judge = Judge(means)
        self.supervisor = Supervisor(
            automations=self.configuration.automations,
            broken=self.configuration.broken,
            at_work=self._with_automations,
            switches=Switches(books.states, self._clock, safe=self._safe),
            make_watch=self._make_watch,
            judge=self._judge,
            runner=FiringRunner(firings=books.firings, means=means, notices=self.notices),
            firings=books.firings,
            events=books.events,
            occurrences=books.occurrences,
            notices=self.notices,
            clock=self._clock,
        )

    def _means(self) -> Means:
        books = self.books
        facts = Facts(
            engine=self.engine,
            disk_space=books.disk_space,
            supervisor=lambda: self.supervisor,
        )
        return Means(
            runs=self.runs,
            workflow_runs=self._workflow_runs,
            outputs=books.outputs,
            placing=books.placing,
            database=books.database,
            templates=self._templates,
            folders=self.configuration.folders,
            clock=self._clock,
            zone=self.configuration.time_zone,
            hub=facts,
            notices=self.notices,
            courier=self.courier,
            deliveries=books.deliveries,
            notifier=self._notifier,
            automations=Control(lambda: self.supervisor, self.live),
            outcomes=self._outcomes,
            waiting=self.waiting,
        )

    def _prepare_retention(self) -> None:
        self.retention = Retention(
            books=self.books,
            folders=self.configuration.folders,
            settings=lambda: self.configuration.settings.retention,
            own=lambda: {each.id: each.retention for each in self.configuration.automations},
            written=lambda: self.configuration.written_automations,
            unended=lambda: [run.id for run in self.runs.all_unended()],
            notices=self.notices,
            clock=self._clock,
        )

    def _make_watch(
        self,
        *,
        automation: str,
        trigger: AnyTrigger,
        name: str,
        index: int,
        offer: Callable[[Event], None],
    ) -> Watch:
        books = self.books
        return Watch(
            automation=automation,
            trigger=name,
            id=str(index) if trigger.id is None else trigger.id,
            index=index,
            kind=trigger.kind,
            alias=trigger.alias or "",
            clock=self._clock,
            folders=self.configuration.folders,
            probe=self._probe,
            inputs=books.inputs,
            ledger=TriggerLedger(books.database, self._clock, automation, name),
            occurrences=TriggerOccurrences(books.database, automation, name),
            webhooks=PlaceInLine(self.webhooks) if waiting_step(name) else self.webhooks,
            life=self._life,
            queue=self._queue,
            runs=EndedRuns(books, self.notices, self.runs.all_unended, automation, name),
            outcomes=self._outcomes,
            events=books.events,
            disk_space=books.disk_space,
            notices=self.notices,
            offer=offer,
        )

    async def _serve_web(self, stack: AsyncExitStack) -> None:
        server = self.configuration.settings.server
        self.door = await Door.open(
            server if self._with_automations else server.only_here(), self.books.users, self._clock
        )
        folders = self.configuration.folders
        self.address = await stack.enter_async_context(
            listening(build(self._parts()), self.door.settings, folders.config, self._port)
        )
        stack.push_async_callback(asyncio.to_thread, withdraw, folders.data)
        await asyncio.to_thread(announce, folders.data, self.address, self.door.key)

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
            courier=self.courier,
            books=books,
            engine=self.engine,
            supervisor=self.supervisor,
            why=why,
            rehearsal=Rehearsal(
                supervisor=self.supervisor,
                past=books.past,
                runs=books.runs,
                judge=self._judge,
                templates=self._templates,
                clock=self._clock,
            ),
            happenings=Happenings(
                supervisor=self.supervisor,
                waiting=self.waiting,
                past=books.past,
                firings=books.firings,
                runs=books.runs,
                zone=self.configuration.time_zone,
            ),
            live=self.live,
            retention=self.retention,
            webhooks=self.webhooks,
            probe=self._probe,
            folders=self.configuration.folders,
            notices=self.notices,
            meter=self._meter,
            clock=self._clock,
            door=self.door,
        )
