"""Runs, their graphs, nodes and progress."""

import hashlib
import re
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import asdict
from sqlalchemy import BigInteger, Connection, Select, Text, bindparam, cast, func, select, update
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.sqlite import insert

from hub.errors import NoSuch
from hub.records.run import ErrorKind, Origin, Run, RunError, RunNode, RunProgress, RunState
from hub.storage import tables
from hub.storage.columns import to_text
from hub.storage.database import Database
from hub.storage.prepared import Prepared


class RunRepository:
    """What the engine was asked to do and what became of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, run: Run) -> Run:
        """Write a new run, synced; a run of that id which is there already is given instead."""
        return await self._database.write(lambda connection: insert_run(connection, run))

    async def last_number(self) -> int:
        """The highest number given to a run; 0 before the first."""
        statement = select(func.max(tables.runs.c.number))
        return await self._database.read(lambda connection: connection.scalar(statement)) or 0

    async def unfinished(self) -> list[Run]:
        """Runs that have not ended, in the order in which they were asked for."""
        table = tables.runs.c
        return await self._select(RUNS.where(table.ended_at.is_(None)).order_by(table.number))

    def starting(self, run: str, attempt: int, at: datetime) -> None:
        """An attempt is handed to a worker; written with the next commit, nobody waits for it."""
        values = {"b_id": run, "attempt": attempt, "started_at": at}
        self._database.write_later(lambda connection: _write(connection, _STARTING, values))

    async def requeue(self, run: str, *, deaths: int, suspect: bool) -> None:
        """The attempt's worker died; the run waits again."""
        values = {"b_id": run, "deaths": deaths, "suspect": suspect}
        await self._database.write(lambda connection: _write(connection, _REQUEUE, values))

    async def place(self, runs: list[Run]) -> None:
        """Keep the places in the queue that these runs have now."""
        rows = [
            {"b_id": run.id, "priority": run.priority, "position": run.position} for run in runs
        ]
        await self._database.write(lambda connection: _PLACE.run_many(connection, rows))

    async def publications(self) -> dict[str, Any]:
        """What runs were about to publish when the hub went down, by run id."""
        table = tables.runs.c
        statement = select(table.id, table.publication).where(
            table.ended_at.is_(None), table.publication.is_not(None)
        )
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return {row.id: row.publication for row in rows}

    async def get(self, run: str) -> Run:
        """By id, or by number. Raises `NotFound`."""
        table = tables.runs.c
        by = table.number == int(run) if _NUMBER.fullmatch(run) else table.id == run
        found = await self._select(RUNS.where(by))
        if not found:
            raise NoSuch("run", run, "`hub runs` lists them.")
        return found[0]

    async def page(
        self,
        *,
        state: RunState | None = None,
        workflow: str | None = None,
        automation: str | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> list[Run]:
        """Runs below number `before`, latest first."""
        table = tables.runs.c
        statement = RUNS.order_by(table.number.desc()).limit(limit)
        if state is not None:
            end = table.ended_at
            has_ended = end.is_not(None) if state.ended else end.is_(None)  # names an index
            statement = statement.where(table.state == state, has_ended)
        if workflow is not None:
            statement = statement.where(table.workflow == workflow)
        if automation is not None:
            statement = statement.where(table.automation == automation)
        if before is not None:
            statement = statement.where(table.number < before)
        return await self._select(statement)

    async def ended_by_hour(self, since: datetime) -> dict[tuple[int, RunState], int]:
        """How many ended, by hours since 1970 and how."""
        table = tables.runs.c
        hour = cast(table.ended_at, BigInteger) // _HOUR
        statement = (
            select(hour, table.state, func.count())
            .where(table.ended_at.is_not(None), table.ended_at >= since)
            .group_by(hour, table.state)
        )
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return {(at, RunState(state)): count for at, state, count in rows}

    async def took_lately(self, workflow: str, most: int) -> list[float]:
        """How many seconds each of the latest runs of a workflow took that succeeded and computed
        something, latest first."""
        table, node = tables.runs.c, tables.run_nodes.c
        latest = (
            select(table.id, table.number, table.duration)
            .where(table.workflow == workflow, table.state == RunState.SUCCEEDED)
            .where(table.ended_at.is_not(None), table.started_at.is_not(None))
            .order_by(table.number.desc())
            .limit(_LATEST)
            .subquery()
        )
        computed = select(node.run).where(node.run == latest.c.id, ~node.cached).exists()
        statement = (
            select(latest.c.duration).where(computed).order_by(latest.c.number.desc()).limit(most)
        )
        rows = await self._database.read(lambda connection: connection.scalars(statement).all())
        return [microseconds / 1e6 for microseconds in rows]

    async def of_firing(self, firing: str) -> list[Run]:
        """The runs a firing started, in order."""
        table = tables.runs.c
        return await self._select(RUNS.where(table.firing == firing).order_by(table.number))

    async def ended_without_event(
        self, automation: str, trigger: str, *, since: datetime, floor: int
    ) -> list[Run]:
        """Runs from number `floor` on that ended since then, and are the key of no event of this
        trigger; in order."""
        table, event = tables.runs.c, tables.events.c
        has_event = (
            select(event.number)
            .where(event.automation == automation, event.trigger == trigger, event.key == table.id)
            .exists()
        )
        return await self._select(
            RUNS.where(table.number >= floor, table.ended_at >= since, ~has_event).order_by(
                table.number
            )
        )

    async def nodes(self, run: str) -> list[RunNode]:
        """What became of each node that was reached."""
        statement = select(tables.run_nodes).where(tables.run_nodes.c.run == run)
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return [RunNode(**row._mapping) for row in rows]

    async def progress(self, run: str) -> list[RunProgress]:
        """The run's progress history, oldest first."""
        table = tables.run_progress.c
        statement = select(tables.run_progress).where(table.run == run).order_by(table.number)
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return [
            RunProgress(**{key: row._mapping[key] for key in row._mapping if key != "number"})
            for row in rows
        ]

    def add_progress(self, points: list[RunProgress]) -> None:
        """Write points of progress with the next commit; nobody waits for them."""
        rows = [asdict(point) for point in points]
        self._database.write_later(lambda connection: _INSERT_PROGRESS.run_many(connection, rows))

    async def _select(self, statement: Select[Any]) -> list[Run]:
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return [run_of_row(row) for row in rows]


def insert_run(connection: Connection, run: Run) -> Run:
    """Write a run and its graph; a run of that id which is there already is given instead."""
    text = to_text(run.graph)
    graph = hashlib.sha256(text.encode()).hexdigest()
    _INSERT_GRAPH.run(connection, {"hash": graph, "graph": text})
    row = {name: getattr(run, name) for name in _FIELDS}
    row |= {"graph": graph, "error": _error_row(run.error), "tags": run.tags or None}
    row |= {"hidden": False, "editor_workflow": _editor_workflow(run.extra)}
    if _INSERT_RUN.run(connection, row):
        return run
    return run_of_row(connection.execute(RUNS.where(tables.runs.c.id == run.id)).one())


def end_run(connection: Connection, run: Run) -> None:
    """Write how a run ended."""
    values = {
        "b_id": run.id,
        "state": run.state,
        "ended_at": run.ended_at,
        "error": _error_row(run.error),
        "stopped_in": run.stopped_in,
    }
    _END.run(connection, values)


def set_publication(connection: Connection, run: str, publication: Any) -> None:
    """Keep what a run is about to publish, so that it can go on after a crash; None forgets."""
    _PUBLICATION.run(connection, {"b_id": run, "publication": publication})


def insert_nodes(connection: Connection, nodes: list[RunNode]) -> None:
    """Write what became of a run's nodes; a later attempt's word stands."""
    rows = [{name: getattr(node, name) for name in _NODE_FIELDS} for node in nodes]
    _INSERT_NODES.run_many(connection, rows)


_HOUR = 3_600_000_000  # microseconds
_LATEST = 1000  # runs that are looked through for what took time
_NUMBER = re.compile("[0-9]{1,18}")  # more would not fit a column
_FIELDS = Run.__struct_fields__
_NODE_FIELDS = RunNode.__struct_fields__
RUNS = select(
    *[column for column in tables.runs.c if column.name in _FIELDS and column.name != "graph"],
    tables.graphs.c.graph.label("graph"),
).join(tables.graphs, tables.graphs.c.hash == tables.runs.c.graph)
_INSERT_GRAPH = Prepared(
    insert(tables.graphs)
    .values(hash=bindparam("hash"), graph=bindparam("graph", type_=Text))
    .on_conflict_do_nothing()
)
_INSERT_RUN = Prepared(
    insert(tables.runs).on_conflict_do_nothing(index_elements=["id"]),
    [*_FIELDS, "hidden", "editor_workflow"],
)
_INSERT_NODES = Prepared(
    plain_insert(tables.run_nodes).prefix_with("OR REPLACE"),
    _NODE_FIELDS,
)
_INSERT_PROGRESS = Prepared(plain_insert(tables.run_progress), RunProgress.__struct_fields__)
_ONE = tables.runs.c.id == bindparam("b_id")
_STARTING = Prepared(
    update(tables.runs)
    .where(_ONE)
    .values(
        state=RunState.RUNNING,
        attempt=bindparam("attempt"),
        started_at=func.coalesce(
            tables.runs.c.started_at, bindparam("started_at", type_=tables.runs.c.started_at.type)
        ),
    )
)
_REQUEUE = Prepared(
    update(tables.runs)
    .where(_ONE)
    .values(state=RunState.QUEUED, deaths=bindparam("deaths"), suspect=bindparam("suspect"))
)
_PLACE = Prepared(
    update(tables.runs)
    .where(_ONE)
    .values(priority=bindparam("priority"), position=bindparam("position"))
)
_PUBLICATION = Prepared(
    update(tables.runs).where(_ONE).values(publication=bindparam("publication"))
)
_END = Prepared(
    update(tables.runs)
    .where(_ONE)
    .values(
        state=bindparam("state"),
        ended_at=bindparam("ended_at"),
        error=bindparam("error"),
        stopped_in=bindparam("stopped_in"),
        publication=None,
    )
)


def run_of_row(row: Any) -> Run:
    """The record of a row that `RUNS` selects."""
    values = dict(row._mapping)
    values["state"] = RunState(values["state"])
    values["origin"] = Origin(values["origin"])
    if values["targets"] is not None:
        values["targets"] = tuple(values["targets"])
    values["tags"] = tuple(values["tags"] or ())
    if values["error"] is not None:
        values["error"] = msgspec.convert(values["error"], RunError, strict=False)
    return Run(**values)


def _editor_workflow(extra: dict[str, Any]) -> str | None:
    """What ComfyUI's editor calls the graph that it drew, and asks for the runs of."""
    png = extra.get("extra_pnginfo")
    workflow = png.get("workflow") if isinstance(png, dict) else None
    name = workflow.get("id") if isinstance(workflow, dict) else None
    return name if isinstance(name, str) else None


def _error_row(error: RunError | None) -> dict[str, Any] | None:
    if error is None:
        return None
    return {**asdict(error), "kind": ErrorKind(error.kind).value}


def _write(connection: Connection, statement: Prepared, values: dict[str, Any]) -> None:
    statement.run(connection, values)
