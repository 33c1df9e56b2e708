"""The engine's sink: follows each run, tells everybody, and hands what is done to publication.

State: `_followed` holds every run that has not ended, and `_counts` how many there are of each
origin; `_begun` are those that a worker carries out, with the node that began last; `_done` what
nodes of the present attempt reported; `_points` progress that waits to be written.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Coroutine
from typing import Any

import structlog
from msgspec.structs import replace
from sqlalchemy import Connection

from hub.clock import Clock
from hub.config.folders import Folders
from hub.crash import crash_point
from hub.engine.messages import NodeDone, PackMessage, PackPrompt, Preview, Progress
from hub.notices import (
    NodeFinished,
    NodePreviewed,
    NodeProgressed,
    NodesCached,
    NodeStarted,
    Notices,
    PackMessageSent,
    PreviewChanged,
    RunStarted,
)
from hub.records.run import Origin, Run, RunError, RunProgress, RunState
from hub.runs.films import Films
from hub.runs.finished import run_node
from hub.runs.publication import Publisher
from hub.runs.staged_files import drop_staged_files
from hub.storage.database import Database
from hub.storage.runs import RunRepository, end_run, insert_nodes
from hub.unexpected import reason_of_failure

log = structlog.get_logger()


class Recorder:
    """Implements `hub.engine.job.Sink`."""

    def __init__(
        self,
        *,
        database: Database,
        repository: RunRepository,
        publisher: Publisher,
        folders: Folders,
        notices: Notices,
        clock: Clock,
        tasks: asyncio.TaskGroup,
    ) -> None:
        self._database = database
        self._repository = repository
        self._publisher = publisher
        self._folders = folders
        self._notices = notices
        self._clock = clock
        self._tasks = tasks
        self._followed: dict[str, Run] = {}
        self._counts: Counter[Origin] = Counter()
        self._begun: dict[str, str | None] = {}
        self._done: dict[str, dict[str, NodeDone]] = {}
        self._previews: dict[str, Preview] = {}
        self._points: list[RunProgress] = []
        self.films = Films()
        self.ended: Callable[[Run], None] = lambda run: None
        self.posted: Callable[[PackPrompt], Coroutine[Any, Any, None]] | None = None
        publisher.published = self._end

    def follow(self, run: Run) -> None:
        """From now on, until it ends."""
        if run.id not in self._followed:
            self._counts[run.origin] += 1
        self._followed[run.id] = run

    def following(self, run_id: str) -> Run | None:
        return self._followed.get(run_id)

    def place(self, run_id: str, *, priority: int, position: float) -> None:
        """Another turn for a run that it follows."""
        if followed := self._followed.get(run_id):
            placed = replace(followed, priority=priority, position=position)
            self._followed[run_id] = placed

    def unended(self) -> Collection[Run]:
        """Every run that it follows, in no particular order."""
        return self._followed.values()

    @property
    def count(self) -> int:
        return len(self._followed)

    def count_of(self, origin: Origin) -> int:
        """How many of them were asked for by `origin`."""
        return self._counts[origin]

    def has_begun(self, run_id: str) -> bool:
        """Whether a worker carries the run out, or has; one that a worker only holds has not."""
        return run_id in self._begun

    def current_node(self, run_id: str) -> str | None:
        """The node of a run that began last."""
        return self._begun.get(run_id)

    def starting(self, run: str, attempt: int) -> None:
        now = self._clock.now()
        self._repository.starting(run, attempt, now)
        crash_point("after_starting")
        followed = self._followed[run]
        self._followed[run] = replace(
            followed,
            state=RunState.RUNNING,
            attempt=attempt,
            started_at=followed.started_at or now,
        )
        self._done[run] = {}

    def begun(self, run: str, attempt: int, cached: tuple[str, ...]) -> None:
        crash_point("after_begun")
        followed = self._followed[run]
        self._begun[run] = None
        self._notices.publish(RunStarted(run=followed))
        self._notices.publish(NodesCached(run=followed, nodes=cached))

    def node_started(self, run: str, attempt: int, node: str) -> None:
        self._begun[run] = node
        self._notices.publish(NodeStarted(run=self._followed[run], node=node))

    def progressed(self, progress: Progress) -> None:
        followed = self._followed[progress.run]
        if not self._points:
            asyncio.get_running_loop().call_later(0.2, self._write_points)
        self._points.append(
            RunProgress(
                run=progress.run,
                attempt=progress.attempt,
                node=progress.node,
                value=progress.value,
                maximum=progress.maximum,
                at=self._clock.now(),
            )
        )
        self._notices.publish(
            NodeProgressed(
                run=followed, node=progress.node, value=progress.value, maximum=progress.maximum
            )
        )

    def preview(self, run_id: str) -> Preview | None:
        """The latest picture of what a run has so far, while it is carried out."""
        return self._previews.get(run_id)

    def previewed(self, preview: Preview) -> None:
        followed = self._followed[preview.run]
        self._previews[preview.run] = preview
        self.films.add(preview.run, preview.node, preview.image, preview.kind)
        self._notices.publish(PreviewChanged(run=followed, node=preview.node))
        self._notices.publish(
            NodePreviewed(
                run=followed,
                node=preview.node,
                image=preview.image,
                kind=preview.kind,
                may_be_missed=preview.may_be_missed,
            )
        )

    def node_done(self, done: NodeDone) -> None:
        self._done[done.run][done.node] = done
        if not done.files:
            self._notices.publish(
                NodeFinished(
                    run=self._followed[done.run],
                    node=done.node,
                    ui=done.ui,
                    cached=done.cached,
                    display=done.display,
                    blocked=done.blocked,
                )
            )

    def done(self, run: str, attempt: int) -> None:
        crash_point("after_execution")
        self._write_points()
        self._publisher.publish(self._followed[run], list(self._done.pop(run).values()))

    def failed(self, run: str, attempt: int, error: RunError) -> None:
        ending = self._finish(run, RunState.FAILED, error=error)
        self._tasks.create_task(ending, name=f"end run {run}")

    def cancelled(self, run: str, attempt: int, node: str | None) -> None:
        ending = self._finish(run, RunState.CANCELLED, stopped_in=node)
        self._tasks.create_task(ending, name=f"end run {run}")

    def pack_spoke(self, message: PackMessage) -> None:
        self._notices.publish(
            PackMessageSent(payload=message.payload, binary=message.binary, client=message.client)
        )

    def pack_posted(self, prompt: PackPrompt) -> None:
        if self.posted is not None:
            self._tasks.create_task(self.posted(prompt), name=f"take {prompt.id} from a pack")

    def interrupted(self, run: str, attempt: int, deaths: int, suspect: bool) -> None:
        self._begun.pop(run, None)
        self._followed[run] = replace(
            self._followed[run], state=RunState.QUEUED, deaths=deaths, suspect=suspect
        )
        requeuing = self._repository.requeue(run, deaths=deaths, suspect=suspect)
        self._tasks.create_task(self._note(run, requeuing), name=f"requeue run {run}")

    async def _finish(
        self,
        run_id: str,
        state: RunState,
        *,
        error: RunError | None = None,
        stopped_in: str | None = None,
    ) -> None:
        """End a run that publishes nothing; what its nodes reported is kept for the curious."""
        self._write_points()
        run = replace(
            self._followed[run_id],
            state=state,
            error=error,
            stopped_in=stopped_in,
            ended_at=self._clock.now(),
        )
        nodes = [run_node(run, done, done.ui) for done in self._done.pop(run_id, {}).values()]

        def work(connection: Connection) -> None:
            insert_nodes(connection, nodes)
            end_run(connection, run)
            self._publisher.ending(connection, run)

        await self._note(run_id, self._database.write(work))
        self._end(run)
        for folder in (self._folders.staging, self._folders.resume):
            await asyncio.to_thread(drop_staged_files, folder, run_id)

    async def _note(self, run: str, writing: Coroutine[Any, Any, object]) -> None:
        """A disk may refuse what became of a run; it counts all the same, and a restart tries the
        run again."""
        if reason := await reason_of_failure("Writing what became of a run", writing):
            log.error("what became of a run could not be written", run=run, reason=reason)

    def _end(self, run: Run) -> None:
        if self._followed.pop(run.id, None):
            self._counts[run.origin] -= 1
        self._begun.pop(run.id, None)
        self._previews.pop(run.id, None)
        self.ended(run)

    def _write_points(self) -> None:
        points, self._points = self._points, []
        if points:
            self._repository.add_progress(points)
