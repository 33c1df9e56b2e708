"""Events and what is written with them."""

import dataclasses
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select, update
from sqlalchemy.dialects.sqlite import insert

from hub.crash import crash_point
from hub.errors import NoSuch
from hub.records.event import Event
from hub.records.occurrence import Occurrence, OccurrenceState
from hub.records.sighting import Sighting
from hub.records.wait import waiting_step
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
        sightings: tuple[Sighting, ...] = (),
        settles: tuple[Occurrence, ...] = (),
    ) -> tuple[Event, bool]:
        """Write the event with the rows that belong to it, in one synced transaction.

        Gives the event and whether it is new: an event of the same automation, trigger and key
        that is there already is given back instead, and the rows then point to that.
        """

        def work(connection: Connection) -> tuple[Event, bool]:
            new = _INSERT.run(connection, _row(event)) > 0
            accepted = event if new else _with_key(connection, event)
            for sighting in sightings:
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
        return event_of(row)

    async def of_firing(self, firing: str) -> Event | None:
        """The one that began a firing."""
        began = tables.firings.c.event == tables.events.c.id
        statement = select(tables.events).join(tables.firings, began)
        statement = statement.where(tables.firings.c.id == firing)
        row = await self._database.read(lambda connection: connection.execute(statement).first())
        return None if row is None else event_of(row)

    async def those(self, ids: Collection[str]) -> dict[str, Event]:
        """Those of these ids that are there, by id."""
        statement = select(tables.events).where(tables.events.c.id.in_(ids))
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return {row.id: event_of(row) for row in rows}

    async def of_trigger(self, automation: str, trigger: str, limit: int) -> list[Event]:
        """What one trigger observed last, latest first."""
        statement = latest_of(automation, trigger, limit)
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return [event_of(row) for row in rows]

    async def with_key(self, automation: str, trigger: str, key: str) -> Event | None:
        """The one that a trigger observed under this key, if it is there."""
        statement = _of_key(automation, trigger, key)
        row = await self._database.read(lambda connection: connection.execute(statement).first())
        return None if row is None else event_of(row)

    async def first_of(self, automation: str, triggers: Sequence[str]) -> Event | None:
        """What one of these triggers observed first."""
        table = tables.events.c
        statement = (
            select(tables.events)
            .where(table.automation == automation, table.trigger.in_(triggers))
            .order_by(table.number)
            .limit(1)
        )
        row = await self._database.read(lambda connection: connection.execute(statement).first())
        return None if row is None else event_of(row)

    async def without_firing(self) -> list[Event]:
        """Events that no automation has taken up yet, oldest first.

        Whatever was being written when this is called counts as well.
        """
        await self._database.write(lambda connection: None, durable=False)
        statement = select(tables.events).where(tables.WAITING).order_by(tables.events.c.number)
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return [event_of(row) for row in rows]


_FIELDS = [field.name for field in dataclasses.fields(Event)]
_INSERT = Prepared(
    insert(tables.events).on_conflict_do_nothing(index_elements=["automation", "trigger", "key"]),
    [*_FIELDS, "offered"],
)


def _row(event: Event) -> dict[str, Any]:
    """What a step waits for is offered to nobody."""
    values = {name: getattr(event, name) for name in _FIELDS}
    return {**values, "offered": waiting_step(event.trigger) is not None}


def mark_offered(connection: Connection, event_id: str) -> None:
    """The event has its firing."""
    _OFFERED.run(connection, {"b_id": event_id})


_OFFERED = Prepared(
    update(tables.events).where(tables.events.c.id == bindparam("b_id")).values(offered=True)
)


def _with_key(connection: Connection, event: Event) -> Event:
    same = _of_key(event.automation, event.trigger, event.key)
    return event_of(connection.execute(same).one())


def _of_key(automation: str, trigger: str, key: str) -> Select[Any]:
    table = tables.events.c
    return select(tables.events).where(
        table.automation == automation, table.trigger == trigger, table.key == key
    )


def latest_of(automation: str, trigger: str, limit: int) -> Select[Any]:
    """Selects what one trigger observed last, latest first."""
    table = tables.events.c
    return (
        select(tables.events)
        .where(table.automation == automation, table.trigger == trigger)
        .order_by(table.number.desc())
        .limit(limit)
    )


def event_of(row: Row[Any]) -> Event:
    """The event that a row of the table tells of."""
    values = dict(row._mapping)
    del values["number"], values["offered"]
    return Event(**values)
