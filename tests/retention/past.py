"""A hub's books and folders with a past, written as the hub writes it."""

import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from sqlalchemy import func, select

from hub.config.folders import Folders
from hub.config.retention_settings import OwnRetention, RetentionSettings
from hub.notices import Notices
from hub.records.delivery import Attachment, Delivery
from hub.records.event import Event
from hub.records.firing import Firing, FiringState, Step, StepState
from hub.records.output import Output, OutputFolder
from hub.records.run import Origin, Run, RunNode, RunProgress, RunState
from hub.retention.retention import Retention
from hub.storage import tables
from hub.storage.books import Books
from hub.storage.database import Database
from hub.storage.outputs import insert_outputs
from hub.storage.runs import end_run, insert_nodes
from hub.testing.clock import ScriptedClock

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


class Past:
    """Writes runs and firings of some days ago. `settings`, `own` and `written` may be replaced."""

    def __init__(self, database: Database, folders: Folders) -> None:
        self.clock = ScriptedClock(NOW)
        self.folders = folders
        self.books = Books(database, folders, 0, self.clock)
        self.settings = RetentionSettings()
        self.own: dict[str, OwnRetention] = {}
        self.written: set[str] | None = set()
        self.notices = Notices()
        self.retention = Retention(
            books=self.books,
            folders=folders,
            settings=lambda: self.settings,
            own=lambda: self.own,
            written=lambda: self.written,
            unended=list,
            notices=self.notices,
            clock=self.clock,
        )
        self._database = database
        self._numbers = 0

    async def event(self, days: float, *, automation: str) -> Event:
        """An event of so many days ago, without a firing."""
        self._numbers += 1
        event = Event(
            id=f"event-{self._numbers}",
            automation=automation,
            trigger="0",
            platform="webhook",
            key=str(self._numbers),
            observed_at=NOW - days * DAY,
            variables={},
        )
        await self.books.events.accept(event)
        return event

    async def firing(
        self, days: float, *, automation: str = "photos", ended: bool = True, result: Any = None
    ) -> str:
        """A firing of so many days ago, with one step; gives its id."""
        event, moment = await self.event(days, automation=automation), NOW - days * DAY
        firing = Firing(
            id=f"firing-{self._numbers}",
            event=event.id,
            automation=automation,
            state=FiringState.SUCCEEDED if ended else FiringState.RUNNING,
            created_at=moment,
            ended_at=moment if ended else None,
        )
        step = Step(
            firing=firing.id,
            key="actions/0",
            action="workflow.run",
            state=StepState.SUCCEEDED,
            started_at=moment,
            result=result,
        )
        await self.books.firings.begin(firing, [step], [])
        return firing.id

    async def run(
        self,
        days: float,
        *,
        firing: str | None = None,
        automation: str | None = None,
        ended: bool = True,
        image: str = "",
    ) -> Run:
        """A run of so many days ago, with one node and one point of progress."""
        self._numbers += 1
        moment = NOW - days * DAY
        run = Run(
            number=self._numbers,
            id=f"run-{self._numbers}",
            state=RunState.QUEUED,
            origin=Origin.API,
            graph={"1": {"class_type": "LoadImage", "inputs": {"image": image}}},
            created_at=moment,
            automation=automation,
            firing=firing,
        )
        await self.books.runs.add(run)
        node = RunNode(run=run.id, node="1", class_type="LoadImage", cached=False, seconds=1.0)
        point = RunProgress(run=run.id, attempt=1, node="1", value=1, maximum=2, at=moment)
        self.books.runs.add_progress([point])
        await self._database.write(lambda connection: insert_nodes(connection, [node]))
        if ended:
            over = replace(run, state=RunState.SUCCEEDED, ended_at=moment)
            await self._database.write(lambda connection: end_run(connection, over))
        return run

    async def output(self, run: Run, name: str, **changes: Any) -> Output:
        """A file that the run made, at the time of the run; of ten bytes."""
        path = self.folders.output / name
        content = name.encode().ljust(10, b".")
        path.write_bytes(content)
        output = Output(
            id=0,
            run=run.id,
            node="2",
            index=0,
            kind="image",
            folder=OutputFolder.OUTPUT,
            path=path,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            created_at=run.created_at,
        )
        output = replace(output, **changes)
        await self._database.write(lambda connection: insert_outputs(connection, [output]))
        return (await self.books.outputs.of_run(run.id))[-1]

    async def delivery(
        self, days: float, *, ended: bool = True, attached: Output | None = None
    ) -> Delivery:
        """A delivery of so many days ago."""
        self._numbers += 1
        moment = NOW - days * DAY
        files = [Attachment(name="file", path=str(attached.path))] if attached else []
        delivery = Delivery(
            id=f"delivery-{self._numbers}",
            url="https://example.org",
            created_at=moment,
            due_at=moment,
            ended_at=moment if ended else None,
            attachments=tuple(files),
        )
        return await self.books.deliveries.add(delivery)

    def input(self, digit: str, days: float) -> str:
        """A file in the input store that came so many days ago; gives its name."""
        name = f"{digit * 64}.png"
        path = self.folders.store / name[:2] / name
        write_old(path, days)
        return name

    async def count(self, table: str) -> int:
        statement = select(func.count()).select_from(tables.metadata.tables[table])
        return await self._database.read(lambda connection: connection.scalar(statement)) or 0

    async def counts(self, *names: str) -> list[int]:
        return [await self.count(name) for name in names]

    def files(self) -> list[str]:
        """The names of the outputs that are there."""
        return sorted(path.name for path in self.folders.output.iterdir())


def write_old(path: Path, days: float) -> None:
    """A file that was written so many days ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"content")
    moment = (NOW - days * DAY).timestamp()
    os.utime(path, (moment, moment))
