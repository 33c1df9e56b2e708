"""Outputs: files that runs produced."""

import dataclasses
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select

from hub.errors import NoSuch
from hub.records.output import Output, OutputFolder
from hub.storage import tables
from hub.storage.database import Database
from hub.storage.prepared import Prepared


class Outputs:
    """Files that runs produced, under their final names."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, output: int) -> Output:
        """Raises `NotFound`."""
        found = await self._select(select(tables.outputs).where(tables.outputs.c.id == output))
        if not found:
            raise NoSuch("output", output)
        return found[0]

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

    async def _select(self, statement: Select[Any]) -> list[Output]:
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return [_output(row) for row in rows]


def insert_outputs(connection: Connection, outputs: list[Output]) -> None:
    """Write new outputs; the database gives the ids."""
    rows = [{name: getattr(output, name) for name in _FIELDS} for output in outputs]
    _INSERT.run_many(connection, rows)


def outputs_of_runs(connection: Connection, runs: Collection[str]) -> list[Output]:
    """The outputs of several runs."""
    statement = select(tables.outputs).where(tables.outputs.c.run.in_(runs))
    return [_output(row) for row in connection.execute(statement.order_by(tables.outputs.c.id))]


_FIELDS = [field.name for field in dataclasses.fields(Output) if field.name != "id"]
_INSERT = Prepared(insert(tables.outputs), _FIELDS)


def _output(row: Row[Any]) -> Output:
    return Output(**{**row._mapping, "folder": OutputFolder(row.folder)})
