"""Outputs: files that runs produced."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, or_, select

from hub.errors import NoSuch
from hub.records.output import Choice, Made, Output, OutputFolder
from hub.storage import tables
from hub.storage.database import Database
from hub.storage.prepared import Prepared

EVERYTHING = Choice()


class Outputs:
    """Files that runs produced, under their final names."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, output: int) -> Output:
        """Raises `NotFound`."""
        return await self._database.read(lambda connection: find_output(connection, output))

    async def of_run(self, run: str) -> list[Output]:
        """A run's outputs by node and index."""
        table = tables.outputs.c
        return await self._select(
            select(tables.outputs).where(table.run == run).order_by(table.node, table.index)
        )

    async def of_runs(self, runs: list[str]) -> dict[str, list[Output]]:
        """The outputs of several runs, by run id."""
        found = await self._database.read(lambda connection: outputs_of_runs(connection, runs))
        return {run: [output for output in found if output.run == run] for run in runs}

    async def at_path(self, path: Path) -> list[Output]:
        """The outputs that were written under this name."""
        return await self._select(select(tables.outputs).where(tables.outputs.c.path == path))

    async def since(
        self, moment: datetime, *, automation: str | None = None, limit: int = 1000
    ) -> list[Output]:
        """Outputs kept since `moment`, oldest first; of one automation if named."""
        table = tables.outputs.c
        statement = (
            select(tables.outputs)
            .where(
                table.created_at >= moment,
                table.folder == OutputFolder.OUTPUT,
                table.shared_from.is_(None),
                table.deleted_at.is_(None),
            )
            .order_by(table.created_at, table.id)
            .limit(limit)
        )
        if automation is not None:
            statement = (
                statement.join(tables.runs, tables.runs.c.id == table.run)
                .join(tables.firings, tables.firings.c.id == tables.runs.c.firing)
                .where(tables.firings.c.automation == automation)
            )
        return await self._select(statement)

    async def page(
        self,
        choice: Choice = EVERYTHING,
        *,
        before: tuple[int, int] | None = None,
        limit: int = 50,
    ) -> list[Made]:
        """Kept outputs with the runs that made them, latest run first.

        `before` is the number of a run and the id of an output: the last of the page before.
        """
        run, output = tables.runs.c, tables.outputs.c
        chosen = _chosen(choice)
        of_run: list[ColumnElement[Any]] = [run.workflow, run.automation, run.number]
        # SQLite looks nothing up by an expression. So it goes from run to run, and not from output
        # to output with all of them to be sorted; or else only through those that somebody marked.
        if chosen:
            of_run = [func.coalesce(column, None) for column in of_run]
        workflow, automation, number = of_run
        way = output.run == (run.id if chosen else run.id.concat(""))
        statement = (
            select(tables.outputs, run.number, run.workflow, run.automation)
            .join_from(tables.runs, tables.outputs, way)
            .where(
                *chosen,
                output.folder == OutputFolder.OUTPUT,
                output.shared_from.is_(None),
                output.deleted_at.is_(None),
            )
            .order_by(run.number.desc(), output.id.desc())
            .limit(limit)
        )
        if choice.workflow is not None:
            statement = statement.where(workflow == choice.workflow)
        if choice.automation is not None:
            statement = statement.where(automation == choice.automation)
        if before is not None:
            at, last = before
            statement = statement.where(number <= at, or_(number < at, output.id < last))
        return await self._database.read(lambda connection: _made(connection, statement))

    async def _select(self, statement: Select[Any]) -> list[Output]:
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return [_output(row) for row in rows]


def find_output(connection: Connection, output: int) -> Output:
    """Raises `NotFound`."""
    row = connection.execute(select(tables.outputs).where(tables.outputs.c.id == output)).first()
    if row is None:
        raise NoSuch("output", output)
    return _output(row)


def insert_outputs(connection: Connection, outputs: list[Output]) -> None:
    """Write new outputs; the database gives the ids."""
    rows = [{name: getattr(output, name) for name in _FIELDS} for output in outputs]
    _INSERT.run_many(connection, rows)


def outputs_of_runs(connection: Connection, runs: Collection[str]) -> list[Output]:
    """The outputs of several runs."""
    statement = select(tables.outputs).where(tables.outputs.c.run.in_(runs))
    return [_output(row) for row in connection.execute(statement.order_by(tables.outputs.c.id))]


def known_outputs(connection: Connection, ids: Collection[int | None]) -> set[int]:
    """Those of these ids that exist, with files that nobody deleted."""
    if not ids:
        return set()
    table = tables.outputs.c
    there = select(table.id).where(table.id.in_(ids), table.deleted_at.is_(None))
    return set(connection.scalars(there))


_FIELDS = [name for name in Output.__struct_fields__ if name != "id"]
_INSERT = Prepared(insert(tables.outputs), _FIELDS)


def _output(row: Row[Any]) -> Output:
    return Output(**{**row._mapping, "folder": OutputFolder(row.folder)})


def _chosen(choice: Choice) -> list[Any]:
    """What is asked of outputs by what people did with them."""
    output, tags = tables.outputs.c, tables.output_tags.c
    tagged = select(tags.output).where(tags.tag == choice.tag)
    return [
        *([output.id.in_(tagged)] if choice.tag is not None else ()),
        *([tables.STARRED] if choice.starred else ()),
        *([output.id.in_(choice.outputs)] if choice.outputs is not None else ()),
    ]


def _made(connection: Connection, statement: Select[Any]) -> list[Made]:
    rows = connection.execute(statement).all()
    tags = _tags(connection, [row.id for row in rows]) if rows else {}
    return [_made_of_row(row, tuple(sorted(tags.get(row.id, ())))) for row in rows]


def _tags(connection: Connection, outputs: list[int]) -> dict[int, list[str]]:
    table = tables.output_tags.c
    found = defaultdict(list)
    rows = connection.execute(select(table.output, table.tag).where(table.output.in_(outputs)))
    for output, tag in rows:
        found[output].append(tag)
    return found


def _made_of_row(row: Row[Any], tags: tuple[str, ...]) -> Made:
    values = dict(row._mapping)
    of_run = {name: values.pop(name) for name in ("number", "workflow", "automation")}
    output = Output(**{**values, "folder": OutputFolder(row.folder)})
    return Made(output=output, tags=tags, **of_run)
