"""Events and what is written with them."""

import dataclasses
from typing import Any

from sqlalchemy import Connection, Row, and_, select
from sqlalchemy.dialects.sqlite import insert

from hub.crash import crash_point
from hub.errors import NoSuch
from hub.records.event import Event
from hub.records.occurrence import Occurrence, OccurrenceState
from hub.records.sighting import Sighting
from hub.storage import tables
from hub.storage.database import Database
from hub.storage.ledger import upsert_sighting
from hub.storage.occurrences import settle_occurrences
from hub.storage.prepared import Prepared


class Events:
    """What triggers observed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def accept(
        self,
        event: Event,
        *,
        sighting: Sighting | None = None,
        settles: tuple[Occurrence, ...] = (),
    ) -> tuple[Event, bool]:
        """Write the event with the rows that belong to it, in one synced transaction.

        Gives the event and whether it is new: an event of the same automation, trigger and key
        that is there already is given back instead, and the rows then point to that.
        """

        def work(connection: Connection) -> tuple[Event, bool]:
            new = _INSERT.run(connection, {name: getattr(event, name) for name in _FIELDS}) > 0
            accepted = event if new else _with_key(connection, event)
            if sighting is not None:
                marked = dataclasses.replace(sighting, event=accepted.id)
                upsert_sighting(connection, event.automation, event.trigger, marked)
            settle_occurrences(
                connection,
                event.automation,
                event.trigger,
                [occurrence.scheduled_at for occurrence in settles],
                OccurrenceState.FIRED,
                accepted.id,
            )
            return accepted, new

        crash_point("before_event")
        accepted = await self._database.write(work)
        crash_point("after_event")
        return accepted

    async def get(self, event_id: str) -> Event:
        """Raises `NotFound`."""
        statement = select(tables.events).where(tables.events.c.id == event_id)
        row = await self._database.read(lambda connection: connection.execute(statement).first())
        if row is None:
            raise NoSuch("event", event_id)
        return _event(row)

    async def without_firing(self) -> list[Event]:
        """Events that no automation has been offered yet, oldest first."""
        statement = (
            select(tables.events)
            .outerjoin(tables.firings, tables.firings.c.event == tables.events.c.id)
            .where(tables.firings.c.id.is_(None))
            .order_by(tables.events.c.number)
        )
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return [_event(row) for row in rows]


_FIELDS = [field.name for field in dataclasses.fields(Event)]
_INSERT = Prepared(
    insert(tables.events).on_conflict_do_nothing(index_elements=["automation", "trigger", "key"]),
    _FIELDS,
)


def _with_key(connection: Connection, event: Event) -> Event:
    table = tables.events.c
    same = and_(
        table.automation == event.automation,
        table.trigger == event.trigger,
        table.key == event.key,
    )
    return _event(connection.execute(select(tables.events).where(same)).one())


def _event(row: Row[Any]) -> Event:
    values = dict(row._mapping)
    del values["number"]
    return Event(**values)
