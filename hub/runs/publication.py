"""Publication: what an attempt made becomes outputs, exactly once.

Runs that are done at the same time are published together: one transaction reserves all names and
keeps what is to be published, then the files are linked and synced, one transaction records outputs
and ends the runs. After a crash in between, `resume` goes on from what was kept.

All of this happens in one thread: its steps wait for the disk and for nothing else, and each change
of thread between them would cost more than the step. Only the news of it goes back to the loop.
"""

import asyncio
import contextlib
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

import msgspec
import structlog
from msgspec.structs import replace
from sqlalchemy import Connection

from hub.clock import Clock
from hub.config.folders import Folders
from hub.crash import crash_point
from hub.engine.messages import NodeDone
from hub.errors import HubError
from hub.notices import NodeFinished, Notices
from hub.records.output import Output
from hub.records.run import ErrorKind, Run, RunError, RunNode, RunState
from hub.runs.finished import Finished
from hub.runs.staged_files import drop_all_staged_files, drop_staged_files, remove
from hub.storage.database import Database
from hub.storage.outputs import insert_outputs, known_outputs, outputs_of_runs
from hub.storage.placements import mark_done
from hub.storage.placing import Placing, SourceGone
from hub.storage.runs import end_run, insert_nodes, set_publication
from hub.unexpected import all_understood

log = structlog.get_logger()

News = Callable[[], None]
"""What the loop is to do once it is so."""

Ending = Callable[[Connection, Run], None]
"""What else is written by the transaction that ends a run, after its outputs."""


class Publisher:
    """Turns staged files into outputs. `serve` does the work until cancelled.

    `published` is called with each run that ended; `again` with a run, and the nodes that must not
    be served from the cache, when files that it needs are gone. Both are called on the loop, and
    `ending` within the transaction.
    """

    def __init__(
        self,
        *,
        database: Database,
        placing: Placing,
        folders: Folders,
        notices: Notices,
        clock: Clock,
    ) -> None:
        self._database = database
        self._placing = placing
        self._folders = folders
        self._notices = notices
        self._clock = clock
        self._waiting: SimpleQueue[Finished | None] = SimpleQueue()
        self.ending: Ending = lambda connection, run: None
        self.published: Callable[[Run], None] = lambda run: None
        self.again: Callable[[Run, tuple[str, ...]], None] = lambda run, fresh: None

    def publish(self, run: Run, nodes: list[NodeDone]) -> None:
        """Queue what an attempt made."""
        self._waiting.put(Finished(run, nodes))

    def resume(self, run: Run, publication: Any) -> None:
        """Go on with a publication that a crash interrupted."""
        self.publish(run, msgspec.convert(publication, list[NodeDone]))

    async def drop_stale_staging(self, kept: set[str], unfinished: set[str]) -> None:
        """At start: take away what attempts left that nobody will publish, and the resume points of
        runs that do not go on."""
        folders = self._folders
        await asyncio.to_thread(drop_all_staged_files, folders.staging, but_of=kept)
        await asyncio.to_thread(drop_all_staged_files, folders.resume, but_of=unfinished)

    async def serve(self) -> None:
        """Publish until cancelled; what was begun by then is finished."""
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(None, self._publish_forever, loop)
        try:
            await asyncio.shield(work)
        finally:
            self._waiting.put(None)
            await work

    def _publish_forever(self, loop: asyncio.AbstractEventLoop) -> None:
        while group := self._next_group():
            # Own files first: what the cache lends may be among them.
            for part in _by_borrowing(group):
                loop.call_soon_threadsafe(_spread, self._publish_together(part))
            for finished in group:
                if finished.over:
                    self._drop_staging(finished)

    def _next_group(self) -> list[Finished]:
        """All that waits; nothing at the end."""
        group = []
        item = self._waiting.get()
        with contextlib.suppress(Empty):
            while item is not None:
                group.append(item)
                item = self._waiting.get_nowait()
        if item is None and group:
            self._waiting.put(None)  # seen again next time
        return group

    def _publish_together(self, group: list[Finished]) -> list[News]:
        """All at once; if one of them fails, each by itself."""
        try:
            with all_understood("Publishing together"):
                return self._publish(group)
        except HubError:
            return [news for finished in group for news in self._publish_alone(finished)]

    def _publish_alone(self, finished: Finished) -> list[News]:
        try:
            with all_understood("Publishing"):
                return self._publish([finished])
        except SourceGone:
            return [partial(self.again, finished.run, ())]
        except HubError as error:
            return [partial(self.published, self._fail(finished, error))]

    def _publish(self, group: list[Finished]) -> list[News]:
        crash_point("before_reserve")
        self._place(group)
        missed = [(finished, self._find_shared(finished)) for finished in group]
        again = [partial(self.again, finished.run, nodes) for finished, nodes in missed if nodes]
        return again + self._commit([finished for finished, nodes in missed if not nodes])

    def _place(self, group: list[Finished]) -> None:
        writing = [finished for finished in group if finished.own_files]
        wanted = [item for finished in writing for item in finished.wanted(self._folders)]

        def keep(connection: Connection) -> None:
            for finished in writing:
                publication = msgspec.to_builtins(finished.nodes)
                set_publication(connection, finished.run.id, publication)

        placements = self._placing.put(wanted, keep)
        by_purpose = {(placement.owner, placement.slot): placement for placement in placements}
        for finished in writing:
            finished.take(by_purpose)

    def _commit(self, group: list[Finished]) -> list[News]:
        """The transaction that makes it so; gives the news of it."""
        if not group:
            return []
        now = self._clock.now()
        ended = [replace(f.run, state=RunState.SUCCEEDED, ended_at=now) for f in group]
        placements = [item for finished in group for item in finished.placements.values()]
        outputs = [output for finished in group for output in finished.outputs(now)]
        nodes = [finished.run_nodes(self._folders) for finished in group]

        def work(connection: Connection) -> None:
            _check_lenders(connection, outputs)
            mark_done(connection, placements)
            insert_outputs(connection, outputs)
            insert_nodes(connection, [node for each in nodes for node in each])
            for run in ended:
                self._end(connection, run)

        crash_point("before_publish")
        self._database.write_here(work)
        crash_point("after_publish")
        for finished in group:
            finished.over = True
        return [
            partial(self._tell, run, finished.with_files(each))
            for run, each, finished in zip(ended, nodes, group, strict=True)
        ]

    def _tell(self, run: Run, nodes: list[RunNode]) -> None:
        """On the loop: these nodes' files are there, so what they show may be told."""
        for node in nodes:
            self._notices.publish(
                NodeFinished(
                    run=run, node=node.node, ui=node.ui, cached=node.cached, display=node.display
                )
            )
        self.published(run)

    def _find_shared(self, finished: Finished) -> tuple[str, ...]:
        """Find the outputs that the cache refers to; gives the nodes of which one is gone."""
        borrowed = finished.borrowed_files
        if not borrowed:
            return ()
        lenders = {file.run for file in borrowed}
        known = self._database.read_here(lambda connection: outputs_of_runs(connection, lenders))
        by_place = {(output.run, output.node, output.index): output for output in known}
        gone = set()
        for file in borrowed:
            output = by_place.get((file.run, file.node, file.index))
            if output is None or not output.path.exists():
                gone.add(file.staged)
            else:
                finished.shared[file.staged] = output
        return tuple(n.node for n in finished.nodes if any(f.staged in gone for f in n.files))

    def _fail(self, finished: Finished, error: HubError) -> Run:
        """It could not be published. The run ends with the reason; nothing half-done is shown."""
        log.error("run could not be published", run=finished.run.number, reason=str(error))
        failure = RunError(kind=ErrorKind.PUBLICATION_FAILED, message=str(error))
        ended = replace(
            finished.run, state=RunState.FAILED, error=failure, ended_at=self._clock.now()
        )
        # A full disk may refuse this too; a restart tries again.
        with contextlib.suppress(HubError), all_understood("Ending the run"):
            self._database.write_here(lambda connection: self._end(connection, ended))
            finished.over = True
        return ended

    def _end(self, connection: Connection, run: Run) -> None:
        end_run(connection, run)
        self.ending(connection, run)

    def _drop_staging(self, finished: Finished) -> None:
        """As a rule there is just what was published; looking for more takes longer."""
        staging = self._folders.staging
        if finished.run.attempt > 1:
            drop_staged_files(staging, finished.run.id)
            drop_staged_files(self._folders.resume, finished.run.id)
            return
        for file in finished.own_files:
            remove(staging / file.staged)


def _check_lenders(connection: Connection, outputs: list[Output]) -> None:
    """An old output may have been removed since it was found. Raises `SourceGone`."""
    borrowed = [output for output in outputs if output.shared_from is not None]
    there = known_outputs(connection, {output.shared_from for output in borrowed})
    for output in borrowed:
        if output.shared_from not in there:
            raise SourceGone(output.path)


def _by_borrowing(group: list[Finished]) -> list[list[Finished]]:
    """Those that made all their files, then those that were lent some."""
    plain = [finished for finished in group if not finished.borrowed_files]
    borrowing = [finished for finished in group if finished.borrowed_files]
    return [part for part in (plain, borrowing) if part]


def _spread(news: list[News]) -> None:
    for item in news:
        item()
