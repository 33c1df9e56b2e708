"""Occurrences: the moments at which schedules are due."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, literal_column, select, update
from sqlalchemy.dialects.sqlite import insert

from hub.records.occurrence import MISSED, MissedMoments, Occurrence, OccurrenceState
from hub.records.wait import waiting_step
from hub.storage import tables
from hub.storage.database import Database


class TriggerOccurrences:
    """The moments of one schedule trigger of one automation."""

    def __init__(self, database: Database, automation: str, trigger: str) -> None:
        self._database = database
        self._automation = automation
        self._trigger = trigger
        table = tables.occurrences.c
        self._mine = and_(table.automation == automation, table.trigger == trigger)

    async def due(self) -> list[Occurrence]:
        moment = tables.occurrences.c.scheduled_at
        statement = select(moment).where(self._mine, tables.DUE).order_by(moment)  # in the index
        moments = await self._database.read(lambda connection: connection.scalars(statement).all())
        return [
            Occurrence(
                automation=self._automation,
                trigger=self._trigger,
                scheduled_at=moment,
                state=OccurrenceState.DUE,
            )
            for moment in moments
        ]

    async def last(self) -> datetime | None:
        statement = select(func.max(tables.occurrences.c.scheduled_at)).where(self._mine)
        return await self._database.read(lambda connection: connection.scalar(statement))

    async def add(self, moments: list[datetime]) -> None:
        """Make rows. Cancelled ones are due again; others that exist stay as they are."""
        rows = [
            {
                "automation": self._automation,
                "trigger": self._trigger,
                "scheduled_at": moment,
                "state": OccurrenceState.DUE,
            }
            for moment in moments
        ]
        if rows:
            await self._database.write(lambda connection: _execute(connection, _MAKE_DUE, rows))

    async def settle(self, moments: list[datetime], state: OccurrenceState) -> None:
        await self._database.write(
            lambda connection: settle_occurrences(
                connection, self._automation, self._trigger, moments, state, None
            )
        )


class Occurrences:
    """The moments of all schedules."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def cancel_strangers(
        self, triggers: Collection[tuple[str, str]], *, automations: Collection[str]
    ) -> None:
        """Cancel what is due of schedules that have nothing to do any more: those that are neither
        among `triggers` (automation and id), nor of these `automations`, nor waited for by a
        step. What a schedule that has just ended is still writing comes before, and counts."""
        table = tables.occurrences
        due = select(table.c.automation, table.c.trigger).where(tables.DUE).distinct()

        def cancel(connection: Connection) -> None:
            for automation, trigger in connection.execute(due).all():
                is_written = (automation, trigger) in triggers or automation in automations
                if not is_written and waiting_step(trigger) is None:
                    _cancel(connection, automation, trigger)

        await self._database.write(cancel)

    async def missed(self, since: datetime) -> list[MissedMoments]:
        """What was not made up for of the moments since then, of each automation."""
        table = tables.occurrences.c
        statement = (
            select(table.automation, func.count().label("count"), func.max(table.scheduled_at))
            .where(table.scheduled_at >= since, table.state.in_(MISSED))
            # By the plain name SQLite would go through all moments, as the key has them in order.
            .group_by(literal_column("+occurrences.automation"))
        )
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return [MissedMoments(automation=row[0], count=row[1], latest=row[2]) for row in rows]

    async def due_before(self, moment: datetime) -> dict[str, datetime]:
        """The first moment of each automation's schedules that was due before then and still is;
        without those that a step waits for."""
        table = tables.occurrences.c
        statement = (
            select(table.automation, table.trigger, func.min(table.scheduled_at))
            .where(tables.DUE, table.scheduled_at < moment)
            .group_by(table.automation, table.trigger)
            .order_by(func.min(table.scheduled_at).desc())
        )
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return {row[0]: row[2] for row in rows if waiting_step(row[1]) is None}


_MAKE_DUE = insert(tables.occurrences).on_conflict_do_update(
    index_elements=["automation", "trigger", "scheduled_at"],
    set_={"state": OccurrenceState.DUE},
    where=tables.occurrences.c.state == OccurrenceState.CANCELLED,
)


def _cancel(connection: Connection, automation: str, trigger: str) -> None:
    table = tables.occurrences
    connection.execute(
        update(table)
        .where(
            table.c.automation == automation,
            table.c.trigger == trigger,
            table.c.state == OccurrenceState.DUE,
        )
        .values(state=OccurrenceState.CANCELLED)
    )


def _execute(connection: Connection, statement: Any, rows: Any = None) -> None:
    connection.execute(statement, rows)


def settle_occurrences(
    connection: Connection,
    automation: str,
    trigger: str,
    moments: list[datetime],
    state: OccurrenceState,
    event: str | None,
) -> None:
    """Close the rows of these moments."""
    if not moments:
        return
    table = tables.occurrences
    connection.execute(
        update(table)
        .where(
            table.c.automation == automation,
            table.c.trigger == trigger,
            table.c.scheduled_at.in_(moments),
        )
        .values(state=state, event=event)
    )
