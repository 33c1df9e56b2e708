"""What happened once: questions about events and scheduled moments that only people ask."""

from datetime import datetime

from sqlalchemy import select

from hub.records.event import Event
from hub.records.occurrence import Occurrence, OccurrenceState
from hub.storage import tables
from hub.storage.database import Database
from hub.storage.events import event_of

MOST = 1000


class Past:
    """Looks back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def events(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        automation: str | None = None,
        trigger: str | None = None,
        most: int = MOST,
    ) -> list[Event]:
        """What was observed, latest first."""
        table = tables.events
        statement = select(table).order_by(table.c.number.desc()).limit(most)
        if since is not None:
            statement = statement.where(table.c.observed_at >= since)
        if until is not None:
            statement = statement.where(table.c.observed_at <= until)
        if automation is not None:
            statement = statement.where(table.c.automation == automation)
        if trigger is not None:
            statement = statement.where(table.c.trigger == trigger)
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return [event_of(row) for row in rows]

    async def occurrences(self, since: datetime, until: datetime) -> list[Occurrence]:
        """Scheduled moments of all schedules, earliest first."""
        table = tables.occurrences
        statement = (
            select(table)
            .where(table.c.scheduled_at.between(since, until))
            .order_by(table.c.scheduled_at)
            .limit(MOST)
        )
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return [Occurrence(**{**row._mapping, "state": OccurrenceState(row.state)}) for row in rows]
