"""What is left on the disk by triggers that steps of firings waited for."""

from collections.abc import Collection
from functools import partial

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, or_, select, true

from hub.records.wait import PREFIX, waiting_step
from hub.storage import tables
from hub.storage.database import Database

_AFTER = PREFIX[:-1] + chr(ord(PREFIX[-1]) + 1)  # the first name behind all that begin so
_AT_ONCE = 100
_REMEMBERING = (tables.ledger, tables.trigger_states, tables.occurrences)


class Waits:
    """Forgets what is needed no more: files that were looked at, moments that were due."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def forget(self, automation: str, triggers: Collection[str]) -> None:
        """What these triggers remembered, apart from what led to an event."""
        mine = [(automation, name) for name in triggers]
        await self._database.write(partial(_forget, triggers=mine), durable=False)

    async def forget_ended(self) -> None:
        """The same for firings that are over or gone, which a crash or an early end left behind."""
        names = [name for table in _REMEMBERING for name in await self._names(table)]
        under_way = await self._under_way()
        over = [name for name in names if _firing_of(name[1]) not in under_way]
        for begin in range(0, len(over), _AT_ONCE):
            piece = over[begin : begin + _AT_ONCE]
            await self._database.write(partial(_forget, triggers=piece), durable=False)

    async def _names(self, table: Table) -> list[tuple[str, str]]:
        columns = table.c
        statement = (
            select(columns.automation, columns.trigger)
            .where(columns.trigger > PREFIX, columns.trigger < _AFTER, _is_idle(table))
            .distinct()
        )
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return [(row.automation, row.trigger) for row in rows]

    async def _under_way(self) -> set[str]:
        firings = tables.firings.c
        statement = select(firings.id).where(firings.ended_at.is_(None))
        return set(
            await self._database.read(lambda connection: connection.scalars(statement).all())
        )


def remove_with_firings(connection: Connection, firings: Collection[tuple[str, str]]) -> None:
    """All that the triggers remembered and observed for which these firings (automation and id)
    waited."""
    if firings:
        for table in (*_REMEMBERING, tables.events):
            wanted = [_of_firing(table, automation, firing) for automation, firing in firings]
            connection.execute(delete(table).where(or_(*wanted)))


def _of_firing(table: Table, automation: str, firing: str) -> ColumnElement[bool]:
    begin = f"{PREFIX}{firing}"
    columns = table.c
    return and_(
        columns.automation == automation,
        columns.trigger > f"{begin}/",
        columns.trigger < f"{begin}0",  # the character after the slash
    )


def _forget(connection: Connection, triggers: Collection[tuple[str, str]]) -> None:
    for table in _REMEMBERING:
        for automation, trigger in triggers:
            mine = and_(table.c.automation == automation, table.c.trigger == trigger)
            connection.execute(delete(table).where(mine, _is_idle(table)))


def _is_idle(table: Table) -> ColumnElement[bool]:
    """Whether a row led to no event."""
    return table.c.event.is_(None) if "event" in table.c else true()


def _firing_of(trigger: str) -> str | None:
    found = waiting_step(trigger)
    return found[0] if found else None
