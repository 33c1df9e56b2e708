"""Runs from asking to ending: checked, committed, handed to the engine, awaited.

State: `_unended` are the runs that the engine has or publication holds, by id; `_waiters` are
futures of those who wait for one of them.
"""

import asyncio
import uuid
from collections.abc import Collection, Mapping
from functools import partial
from itertools import count

import structlog
from msgspec.structs import replace

from hub.clock import Clock
from hub.engine.check import Checked, check_graph
from hub.engine.engine import Engine
from hub.engine.findings import find_faults
from hub.engine.job import DEATHS_ALLOWED, Job
from hub.engine.messages import Objection, PackPrompt
from hub.errors import HubError
from hub.notices import Notices, RunFinished, RunQueued
from hub.records.run import ErrorKind, Origin, Run, RunError, RunState
from hub.runs.films import Frame
from hub.runs.publication import Publisher
from hub.runs.queue_order import QueueOrder
from hub.runs.recorder import Recorder
from hub.runs.request import Accepted, GraphRefused, RunRequest
from hub.storage.runs import RunRepository

log = structlog.get_logger()


class Runs:
    """The service that joins queue, engine and storage. `order` is that of the runs that wait."""

    def __init__(
        self,
        *,
        engine: Engine,
        recorder: Recorder,
        publisher: Publisher,
        repository: RunRepository,
        notices: Notices,
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._recorder = recorder
        self._publisher = publisher
        self._repository = repository
        self._notices = notices
        self._clock = clock
        self.order = QueueOrder(
            engine=engine, recorder=recorder, repository=repository, notices=notices
        )
        self._numbers = count(1)
        self._waiters: dict[str, list[asyncio.Future[Run]]] = {}
        recorder.ended = self._ended
        recorder.posted = self._take_from_pack
        publisher.again = self._again

    async def resume(self) -> None:
        """Take up what an earlier hub left: publish what was carried out, queue the rest again."""
        self._numbers = count(await self._repository.last_number() + 1)
        unfinished = await self._repository.unfinished()
        publications = await self._repository.publications()
        await self._publisher.drop_stale_staging(set(publications), {run.id for run in unfinished})
        running = [
            run
            for run in unfinished
            if run.state is RunState.RUNNING and run.id not in publications
        ]
        for run in unfinished:
            if run.id in publications:
                self._recorder.follow(run)
                self._publisher.resume(run, publications[run.id])
            elif run.state is RunState.RUNNING:
                await self._resume_interrupted(run, alone=len(running) == 1)
            else:
                self._submit(run)

    async def enqueue(self, request: RunRequest) -> Accepted:
        """Check, commit and queue. Raises `GraphRefused`; returns once the run is on disk."""
        accepted = await self.prepare(request)
        known = await self._repository.add(accepted.run)
        if known is accepted.run:
            self.submit(known)
        return Accepted(run=known, node_errors=accepted.node_errors)

    async def prepare(self, request: RunRequest) -> Accepted:
        """The run that a request makes, checked but not yet written. Raises `GraphRefused`."""
        catalogue = self._engine.catalogue
        checked = await self._checked(request, {})
        if checked.outputs and (objections := await self._engine.objections(checked)):
            checked = await self._checked(request, objections)
        if checked.error is not None:
            findings = await asyncio.to_thread(find_faults, request.graph, catalogue)
            raise GraphRefused(checked, findings, request.workflow)
        number = next(self._numbers)
        position = request.position
        if position is None:
            position = self.order.front(number) if request.front else float(number)
        run = Run(
            number=number,
            id=request.id or str(uuid.uuid4()),
            state=RunState.QUEUED,
            origin=request.origin,
            graph=checked.graph,
            created_at=self._clock.now(),
            workflow=request.workflow,
            parameters=request.parameters,
            targets=checked.outputs,
            priority=request.priority,
            position=position,
            automation=request.automation,
            firing=request.firing,
            step=request.step,
            client=request.client,
            tags=request.tags,
            extra=request.extra,
        )
        return Accepted(run=run, node_errors=checked.node_errors)

    async def _take_from_pack(self, prompt: PackPrompt) -> None:
        """Queue what a pack posted; why it cannot be is in the log."""
        request = RunRequest(
            graph=prompt.graph,
            origin=Origin.PROMPT,
            id=prompt.id,
            targets=prompt.targets or None,
            front=prompt.front,
            client=prompt.extra.get("client_id"),
            extra=prompt.extra,
        )
        try:
            await self.enqueue(request)
        except HubError as error:
            log.warning("a graph that a pack put into the queue is refused", reason=str(error))

    async def _checked(self, request: RunRequest, objections: Mapping[str, Objection]) -> Checked:
        catalogue = self._engine.catalogue
        check = partial(check_graph, request.graph, catalogue, request.targets, objections)
        # Model files may be many, and lie on a slow disk.
        names_models = catalogue.names_models(request.graph)
        return await asyncio.to_thread(check) if names_models else check()

    def submit(self, run: Run) -> None:
        """Hand a committed run to the engine and tell everybody."""
        self._submit(run)
        self._notices.publish(RunQueued(run=run))

    async def wait(self, run_id: str) -> Run:
        """The run, once it has ended and its outputs are published."""
        waiter: asyncio.Future[Run] = asyncio.get_running_loop().create_future()
        if self._recorder.following(run_id) is None:
            run = await self._repository.get(run_id)
            if run.state.ended:
                return run
        self._waiters.setdefault(run_id, []).append(waiter)
        return await waiter

    def unended(self, run_id: str) -> Run | None:
        """The run as it is right now, unless it has ended, or never was."""
        return self._recorder.following(run_id)

    def cancel(self, run_id: str) -> bool:
        """Stop a run; False if the engine does not have it (any more)."""
        return self._engine.cancel(run_id)

    def cancel_of_firing(self, firing: str) -> None:
        """Stop all runs of a firing."""
        for run in [run for run in self._recorder.unended() if run.firing == firing]:
            self.cancel(run.id)

    async def get(self, run: str) -> Run:
        """A run by id or number, as it is right now. Raises `NotFound`.

        The database hears of a start a little later than everybody else.
        """
        found = await self._repository.get(run)
        return self._recorder.following(found.id) or found

    async def page(
        self,
        *,
        state: RunState | None,
        workflow: str | None,
        automation: str | None = None,
        before: int | None,
        limit: int,
    ) -> list[Run]:
        """Runs below number `before`, latest first, as they are right now."""
        if state is not None and not state.ended:
            found = [
                run
                for run in self._recorder.unended()
                if run.state is state
                and workflow in (None, run.workflow)
                and automation in (None, run.automation)
                and (before is None or run.number < before)
            ]
            return sorted(found, key=lambda run: run.number, reverse=True)[:limit]
        runs = await self._repository.page(
            state=state, workflow=workflow, automation=automation, before=before, limit=limit
        )
        return [self._recorder.following(run.id) or run for run in runs]

    def all_unended(self) -> Collection[Run]:
        """The runs that wait or are being carried out or published."""
        return self._recorder.unended()

    def preview(self, run_id: str) -> tuple[bytes, str] | None:
        """What a run has so far, as a picture and its MIME type; None if it shows nothing (yet)."""
        preview = self._recorder.preview(run_id)
        return None if preview is None else (preview.image, preview.kind)

    def film(self, run_id: str) -> list[Frame]:
        """Some of the pictures that a run showed on its way, while they are remembered."""
        return self._recorder.films.of(run_id)

    @property
    def remaining(self) -> int:
        """How many runs wait or are being carried out or published."""
        return self._recorder.count

    def remaining_of(self, origin: Origin) -> int:
        """How many of them were asked for by `origin`."""
        return self._recorder.count_of(origin)

    def has_begun(self, run_id: str) -> bool:
        """Whether a worker carries the run out, or has, and it has not ended."""
        return self._recorder.has_begun(run_id)

    def current_node(self, run_id: str) -> str | None:
        """The node of such a run that began last."""
        return self._recorder.current_node(run_id)

    def _submit(self, run: Run) -> None:
        self._recorder.follow(run)
        self._engine.submit(job_of(run))

    async def _resume_interrupted(self, run: Run, *, alone: bool) -> None:
        """The hub went down while a worker had this run: by the rule of deaths, that counts too."""
        deaths = run.deaths + alone
        suspect = run.suspect or not alone
        self._recorder.follow(run)
        if deaths >= DEATHS_ALLOWED:
            message = f"The hub or its worker went down {deaths} times while it carried this out."
            error = RunError(kind=ErrorKind.WORKER_DIED, message=message)
            self._recorder.failed(run.id, run.attempt, error)
            return
        await self._repository.requeue(run.id, deaths=deaths, suspect=suspect)
        self._submit(replace(run, state=RunState.QUEUED, deaths=deaths, suspect=suspect))

    def _again(self, run: Run, fresh: tuple[str, ...]) -> None:
        """What was to be published is gone: carried out once more, this time into new files."""
        self._recorder.follow(run)
        self._engine.submit(job_of(run, fresh))

    def _ended(self, run: Run) -> None:
        for waiter in self._waiters.pop(run.id, ()):
            if not waiter.done():
                waiter.set_result(run)
        self._notices.publish(RunFinished(run=run))


def job_of(run: Run, fresh: tuple[str, ...] = ()) -> Job:
    """What the engine needs of a run.

    A prompt posted by a ComfyUI client may be served wholly from the cache, as there. Everybody
    else gets files of their own: their output nodes are carried out anew.
    """
    targets = run.targets or ()
    return Job(
        run=run.id,
        number=run.number,
        graph=run.graph,
        targets=targets,
        extra=run.extra,
        priority=run.priority,
        position=run.position,
        attempt=run.attempt,
        deaths=run.deaths,
        suspect=run.suspect,
        fresh=fresh if run.origin is Origin.PROMPT else targets,
    )
