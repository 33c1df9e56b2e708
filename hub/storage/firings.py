"""Firings and their steps."""

import dataclasses
from collections.abc import Collection
from datetime import datetime
from itertools import takewhile
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert

from hub.crash import crash_point
from hub.errors import NoSuch
from hub.records.firing import Firing, FiringState, Step, StepState, Verdict
from hub.records.run import Run
from hub.records.wait import waiting_step
from hub.storage import tables
from hub.storage.database import Database
from hub.storage.events import mark_offered
from hub.storage.prepared import Prepared
from hub.storage.runs import insert_run

_RECENT = 1000  # firings that are looked through for an earlier result


class Firings:
    """What automations did with events."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, firing: Firing, steps: list[Step], runs: list[Run]) -> bool:
        """Write a firing with what it starts with, in one transaction.

        False, with nothing written, when the event was offered to the automation before. Not
        synced: if a power cut takes it, the event is offered again and nothing had come of it,
        because whatever comes of it syncs all that was committed before.
        """

        def work(connection: Connection) -> bool:
            if not _INSERT.run(connection, _firing_row(firing)):
                return False
            mark_offered(connection, firing.event)
            for run in runs:
                insert_run(connection, run)
            for step in steps:
                _PUT_STEP.run(connection, _step_row(step))
            return True

        crash_point("before_firing")
        begun = await self._database.write(work, durable=False)
        crash_point("after_firing")
        return begun

    async def put_step(self, step: Step, *, runs: tuple[Run, ...] = ()) -> None:
        """Write how a step stands, with the runs it starts."""

        def work(connection: Connection) -> None:
            for run in runs:
                insert_run(connection, run)
            _PUT_STEP.run(connection, _step_row(step))

        await self._database.write(work)

    async def set_state(
        self, firing: str, state: FiringState, *, reason: str | None, ended_at: datetime | None
    ) -> None:
        """Write how a firing stands; not synced, since its steps are."""
        values = {"b_id": firing, "state": state, "reason": reason, "ended_at": ended_at}
        await self._database.write(
            lambda connection: _SET_STATE.run(connection, values), durable=False
        )

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

    async def page(
        self,
        *,
        automation: str | None = None,
        state: FiringState | None = None,
        before: str | None = None,
        limit: int = 50,
    ) -> list[Firing]:
        """Firings, latest first; those that came before the firing of that id. Raises `NotFound` if
        there is none of that id."""
        table = tables.firings.c
        statement = select(tables.firings).order_by(table.number.desc()).limit(limit)
        if automation is not None:
            statement = statement.where(table.automation == automation)
        if state is not None:
            has_ended = table.ended_at.is_not(None) if state.ended else table.ended_at.is_(None)
            statement = statement.where(table.state == state, has_ended)
        if before is not None:
            number = select(table.number).where(table.id == before).scalar_subquery()
            statement = statement.where(table.number < number)
        found = await self._select(statement)
        if before is not None and not found:
            await self.get(before)
        return found

    async def latest_of(self, automations: Collection[str]) -> dict[str, Firing]:
        """The latest firing of each of these automations that has one."""
        table = tables.firings.c
        number = select(table.number).where(table.automation == bindparam("b_automation"))
        latest = number.order_by(table.number.desc()).limit(1).scalar_subquery()
        statement = select(tables.firings).where(table.number == latest)

        def work(connection: Connection) -> list[Row[Any]]:
            asked = ({"b_automation": automation} for automation in automations)
            return [row for each in asked for row in connection.execute(statement, each)]

        rows = await self._database.read(work)
        return {row.automation: _firing(row) for row in rows}

    async def failed_in_a_row(self, automation: str, *, since: datetime | None, most: int) -> int:
        """How many of its latest firings failed one after the other, counted up to `most`."""
        table = tables.firings.c
        decided = (FiringState.SUCCEEDED, FiringState.FAILED)
        statement = (
            select(table.state)
            .where(table.automation == automation, table.state.in_(decided))
            .order_by(table.number.desc())
            .limit(most)
        )
        if since is not None:
            statement = statement.where(table.created_at >= since)
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return len(list(takewhile(lambda row: row.state == FiringState.FAILED, rows)))

    async def of_event(self, event: str) -> list[Firing]:
        """What automations did with one event: the firing that it began, or that waited for it."""
        table = tables.firings.c
        begun = await self._select(select(tables.firings).where(table.event == event))
        if begun:
            return begun
        named = select(tables.events.c.trigger).where(tables.events.c.id == event)
        trigger = await self._database.read(lambda connection: connection.scalar(named))
        waiting = waiting_step(trigger or "")
        if waiting is None:
            return []
        return await self._select(select(tables.firings).where(table.id == waiting[0]))

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

    async def latest_result(self, automation: str, key: str) -> Any:
        """What the automation's step of that key gave when it last succeeded; None if it did not in
        the latest thousand firings."""
        firing, step = tables.firings.c, tables.firing_steps.c
        latest = select(firing.number).where(firing.automation == automation)
        oldest = latest.order_by(firing.number.desc()).limit(1).offset(_RECENT - 1)
        statement = (
            select(step.result)
            .select_from(tables.firings.join(tables.firing_steps, step.firing == firing.id))
            .where(firing.automation == automation)
            .where(firing.number >= func.coalesce(oldest.scalar_subquery(), 0))
            .where(step.key == key, step.state == StepState.SUCCEEDED)
            .order_by(firing.number.desc())
            .limit(1)
        )
        return await self._database.read(lambda connection: connection.scalar(statement))

    async def _select(self, statement: Select[Any]) -> list[Firing]:
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return [_firing(row) for row in rows]


_FIELDS = [field.name for field in dataclasses.fields(Firing)]
_INSERT = Prepared(
    insert(tables.firings).on_conflict_do_nothing(index_elements=["event", "automation"]), _FIELDS
)
_SET_STATE = Prepared(
    update(tables.firings)
    .where(tables.firings.c.id == bindparam("b_id"))
    .values({name: bindparam(name) for name in ("state", "reason", "ended_at")})
)
_PUT_STEP = Prepared(
    insert(tables.firing_steps).prefix_with("OR REPLACE"),
    [field.name for field in dataclasses.fields(Step)],
)


def _firing_row(firing: Firing) -> dict[str, Any]:
    verdicts = [dataclasses.asdict(verdict) for verdict in firing.verdicts]
    return {name: getattr(firing, name) for name in _FIELDS} | {"verdicts": verdicts}


def _step_row(step: Step) -> dict[str, Any]:
    return {field.name: getattr(step, field.name) for field in dataclasses.fields(Step)}


def _firing(row: Row[Any]) -> Firing:
    values = dict(row._mapping)
    del values["number"]
    values["state"] = FiringState(values["state"])
    values["verdicts"] = tuple(msgspec.convert(item, Verdict) for item in values["verdicts"])
    return Firing(**values)
