"""Firings and their steps."""

import dataclasses
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, insert, select, update

from hub.crash import crash_point
from hub.errors import NoSuch
from hub.records.firing import Firing, FiringState, Step, StepState, Verdict
from hub.records.run import Run
from hub.storage import tables
from hub.storage.database import Database
from hub.storage.runs import insert_run


class Firings:
    """What automations did with events."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, firing: Firing, steps: list[Step], runs: list[Run]) -> bool:
        """Write a firing with what it starts with, synced and in one transaction.

        False, with nothing written, when the event was offered to the automation before.
        """

        def work(connection: Connection) -> bool:
            if _of_event(connection, firing.event, firing.automation):
                return False
            connection.execute(insert(tables.firings), _firing_row(firing))
            for run in runs:
                insert_run(connection, run)
            for step in steps:
                connection.execute(_PUT_STEP, dataclasses.asdict(step))
            return True

        crash_point("before_firing")
        begun = await self._database.write(work)
        crash_point("after_firing")
        return begun

    async def put_step(self, step: Step, *, runs: tuple[Run, ...] = ()) -> None:
        """Write how a step stands, with the runs it starts."""

        def work(connection: Connection) -> None:
            for run in runs:
                insert_run(connection, run)
            connection.execute(_PUT_STEP, dataclasses.asdict(step))

        await self._database.write(work)

    async def set_state(
        self, firing: str, state: FiringState, *, reason: str | None, ended_at: datetime | None
    ) -> None:
        """Write how a firing stands."""
        statement = (
            update(tables.firings)
            .where(tables.firings.c.id == firing)
            .values(state=state, reason=reason, ended_at=ended_at)
        )
        await self._database.write(lambda connection: _execute(connection, statement))

    async def open(self) -> list[Firing]:
        """Firings that have not ended, in order."""
        table = tables.firings.c
        return await self._select(
            select(tables.firings).where(table.ended_at.is_(None)).order_by(table.number)
        )

    async def get(self, firing: str) -> Firing:
        """Raises `NotFound`."""
        found = await self._select(select(tables.firings).where(tables.firings.c.id == firing))
        if not found:
            raise NoSuch("firing", firing)
        return found[0]

    async def page(self, *, automation: str | None = None, limit: int = 50) -> list[Firing]:
        """Firings, latest first."""
        table = tables.firings.c
        statement = select(tables.firings).order_by(table.number.desc()).limit(limit)
        if automation is not None:
            statement = statement.where(table.automation == automation)
        return await self._select(statement)

    async def of_event(self, event: str) -> list[Firing]:
        """What automations did with one event."""
        return await self._select(select(tables.firings).where(tables.firings.c.event == event))

    async def automations_of(self, firings: list[str]) -> dict[str, str]:
        """Which automation each of these firings is of."""
        table = tables.firings.c
        statement = select(table.id, table.automation).where(table.id.in_(firings))
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return {row.id: row.automation for row in rows}

    async def steps(self, firing: str) -> list[Step]:
        """The steps of a firing, in the order they were begun."""
        table = tables.firing_steps.c
        statement = (
            select(tables.firing_steps)
            .where(table.firing == firing)
            .order_by(table.started_at, table.key)
        )
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return [Step(**{**row._mapping, "state": StepState(row.state)}) for row in rows]

    async def _select(self, statement: Select[Any]) -> list[Firing]:
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return [_firing(row) for row in rows]


_PUT_STEP = insert(tables.firing_steps).prefix_with("OR REPLACE")


def _of_event(connection: Connection, event: str, automation: str) -> bool:
    table = tables.firings.c
    same = select(table.id).where(table.event == event, table.automation == automation)
    return connection.scalar(same) is not None


def _firing_row(firing: Firing) -> dict[str, Any]:
    return dataclasses.asdict(firing)


def _firing(row: Row[Any]) -> Firing:
    values = dict(row._mapping)
    del values["number"]
    values["state"] = FiringState(values["state"])
    values["verdicts"] = tuple(msgspec.convert(item, Verdict) for item in values["verdicts"])
    return Firing(**values)


def _execute(connection: Connection, statement: Any) -> None:
    connection.execute(statement)
