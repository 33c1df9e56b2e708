"""Publication: what an attempt made becomes outputs, exactly once.

Runs that are done at the same time are published together: one transaction reserves all names and
keeps what is to be published, one thread links and syncs, one transaction records outputs and ends
the runs. After a crash in between, `resume` goes on from what was kept.
"""

import asyncio
import contextlib
import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import structlog
from sqlalchemy import Connection

from hub.clock import Clock
from hub.config.folders import Folders
from hub.crash import crash_point
from hub.engine.messages import NodeDone
from hub.errors import HubError
from hub.notices import NodeFinished, Notices
from hub.records.run import ErrorKind, Run, RunError, RunState
from hub.runs.finished import Finished
from hub.storage.database import Database
from hub.storage.outputs import Outputs, insert_outputs
from hub.storage.placements import mark_done
from hub.storage.placing import Placing, SourceGone
from hub.storage.runs import end_run, insert_nodes, set_publication

log = structlog.get_logger()


class Publisher:
    """Turns staged files into outputs. `serve` does the work until cancelled.

    `published` is called with each run that ended; `again` with a run, and the nodes that must not
    be served from the cache, when files that it needs are gone.
    """

    def __init__(
        self,
        *,
        database: Database,
        outputs: Outputs,
        placing: Placing,
        folders: Folders,
        notices: Notices,
        clock: Clock,
    ) -> None:
        self._database = database
        self._outputs = outputs
        self._placing = placing
        self._folders = folders
        self._notices = notices
        self._clock = clock
        self._waiting: asyncio.Queue[Finished] = asyncio.Queue()
        self.published: Callable[[Run], None] = lambda run: None
        self.again: Callable[[Run, tuple[str, ...]], None] = lambda run, fresh: None

    def publish(self, run: Run, nodes: list[NodeDone]) -> None:
        """Queue what an attempt made."""
        self._waiting.put_nowait(Finished(run, nodes))

    def resume(self, run: Run, publication: Any) -> None:
        """Go on with a publication that a crash interrupted."""
        self.publish(run, msgspec.convert(publication, list[NodeDone]))

    async def drop_stale_staging(self, kept: set[str]) -> None:
        """At start: take away what attempts left that nobody will publish."""
        await asyncio.to_thread(_remove_all_but, kept, self._folders.staging)

    async def serve(self) -> None:
        """Publish for ever, all that waits at once; if one of them fails, each by itself."""
        while True:
            group = [await self._waiting.get()]
            while not self._waiting.empty():
                group.append(self._waiting.get_nowait())
            try:
                await self._publish(group)
            except HubError:
                for finished in group:
                    await self._publish_alone(finished)

    async def _publish_alone(self, finished: Finished) -> None:
        try:
            await self._publish([finished])
        except SourceGone:
            self.again(finished.run, ())
        except HubError as error:
            await self._fail(finished.run, error)

    async def _publish(self, group: list[Finished]) -> None:
        """Own files first: what the cache lends may be among them."""
        crash_point("before_reserve")
        await self._place(group)
        await self._commit([finished for finished in group if not finished.borrowed_files])
        borrowing = [finished for finished in group if finished.borrowed_files]
        await self._commit([item for item in borrowing if await self._find_shared(item)])

    async def _place(self, group: list[Finished]) -> None:
        writing = [finished for finished in group if finished.own_files]
        wanted = [item for finished in writing for item in finished.wanted(self._folders)]

        def keep(connection: Connection) -> None:
            for finished in writing:
                publication = msgspec.to_builtins(finished.nodes)
                set_publication(connection, finished.run.id, publication)

        placements = await self._placing.put(wanted, keep)
        by_purpose = {(placement.owner, placement.slot): placement for placement in placements}
        for finished in writing:
            finished.take(by_purpose)

    async def _commit(self, group: list[Finished]) -> None:
        """The transaction that makes it so, then the news of it."""
        if not group:
            return
        now = self._clock.now()
        ended = [dataclasses.replace(f.run, state=RunState.SUCCEEDED, ended_at=now) for f in group]
        placements = [item for finished in group for item in finished.placements.values()]
        outputs = [output for finished in group for output in finished.outputs(now)]
        nodes = [node for finished in group for node in finished.run_nodes(self._folders)]

        def work(connection: Connection) -> None:
            mark_done(connection, placements)
            insert_outputs(connection, outputs)
            insert_nodes(connection, nodes)
            for run in ended:
                end_run(connection, run)

        crash_point("before_publish")
        await self._database.write(work)
        crash_point("after_publish")
        for finished, run in zip(group, ended, strict=True):
            self._tell(finished, run)
        await asyncio.to_thread(self._drop_staging, group)

    def _tell(self, finished: Finished, run: Run) -> None:
        for node in finished.nodes:
            if node.files:
                ui = finished.final_ui(node, self._folders)
                self._notices.publish(
                    NodeFinished(run=run, node=node.node, ui=ui, cached=node.cached)
                )
        self.published(run)

    async def _find_shared(self, finished: Finished) -> bool:
        """Find the outputs that the cache refers to; False if one is gone, and it runs again."""
        borrowed = finished.borrowed_files
        known = await self._outputs.of_runs(list({file.run for file in borrowed}))
        by_place = {(o.run, o.node, o.index): o for outputs in known.values() for o in outputs}
        gone = set()
        for file in borrowed:
            output = by_place.get((file.run, file.node, file.index))
            if output is None or not output.path.exists():
                gone.add(file.staged)
            else:
                finished.shared[file.staged] = output
        if gone:
            fresh = {n.node for n in finished.nodes if any(f.staged in gone for f in n.files)}
            self.again(finished.run, tuple(fresh))
        return not gone

    async def _fail(self, run: Run, error: HubError) -> None:
        """It could not be published. The run ends with the reason; nothing half-done is shown."""
        log.error("run could not be published", run=run.number, reason=str(error))
        failure = RunError(kind=ErrorKind.PUBLICATION_FAILED, message=str(error))
        ended = dataclasses.replace(
            run, state=RunState.FAILED, error=failure, ended_at=self._clock.now()
        )
        with contextlib.suppress(
            HubError
        ):  # a full disk may refuse this too; a restart tries again
            await self._database.write(lambda connection: end_run(connection, ended))
        self.published(ended)

    def _drop_staging(self, group: list[Finished]) -> None:
        for finished in group:
            if not finished.own_files:
                continue
            folder = self._folders.staging / finished.run.id
            try:  # as a rule there is just what was published; looking for more takes longer
                for item in finished.wanted(self._folders):
                    item.source.unlink()
                (folder / str(finished.own_files[0].attempt)).rmdir()
                folder.rmdir()
            except OSError:
                shutil.rmtree(folder, ignore_errors=True)


def _remove_all_but(kept: set[str], staging: Path) -> None:
    for folder in staging.iterdir():
        if folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)
