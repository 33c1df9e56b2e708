"""Finding old rows, and letting them go in pieces that hold nobody up.

Rows are looked for by readers, a window of numbers at a time; the writer looks again at those it
is given, since something may have come to need them meanwhile.
"""

import asyncio
from collections.abc import AsyncIterator, Collection
from datetime import datetime
from os.path import lexists
from typing import Any

from sqlalchemy import Connection, delete, exists, func, literal, or_, select, tuple_

from hub.storage import tables
from hub.storage.database import Database
from hub.storage.history import History, Owners

_WINDOW = 5000  # numbers that a reader looks through at a time
_PAGES_AT_ONCE = 256  # of 4 KiB, given back to the file system in one unit
_PAGES_KEPT = 4096  # free ones stay for what comes next


class Pruning:
    """Old rows of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last_older_than(self, kind: History, cutoff: datetime) -> int:
        """The number up to which rows were made before `cutoff`, by halving: `at` needs no index,
        because it grows as the numbers do."""
        return await self._database.read(lambda connection: _halve(connection, kind, cutoff))

    async def last_beyond_count(self, kind: History, owners: Owners, count: int) -> int:
        """The number of the row after the latest `count`; 0 if there are no more."""
        statement = kind.rows(kind.number, of=owners).order_by(kind.number.desc())
        statement = statement.limit(1).offset(count)
        return await self._database.read(lambda connection: connection.scalar(statement)) or 0

    async def last_beyond_bytes(self, kind: History, owners: Owners, most: int) -> int:
        """The number of the latest file that no longer fits in `most` bytes; 0 if all do."""
        assert kind.size is not None, f"{kind.name} are not measured"
        before: int | None = None
        while True:
            statement = kind.rows(kind.number, kind.size, of=owners)
            statement = statement.order_by(kind.number.desc()).limit(_WINDOW)
            if before is not None:
                statement = statement.where(kind.number < before)
            rows = await self._rows(statement)
            for number, size in rows:
                most -= size
                if most < 0:
                    return int(number)
            if not rows:
                return 0
            before = rows[-1][0]

    async def numbers(
        self, kind: History, owners: Owners, last: int
    ) -> AsyncIterator[list[tuple[int, int]]]:
        """The rows up to `last` that may go: number and bytes, as many as go at once."""
        size = kind.size if kind.size is not None else literal(0)
        found = (
            kind.rows(kind.number, size, of=owners).where(kind.may_go(last)).order_by(kind.number)
        )
        after = (await self._first(kind)) - 1
        while after < last:
            until = min(after + _WINDOW, last)
            window = found.where(kind.number > after, kind.number <= until)
            rows = await self._rows(window.order_by(kind.number))
            for begin in range(0, len(rows), kind.at_once):
                yield [(number, size) for number, size in rows[begin : begin + kind.at_once]]
            after = until

    async def remove(self, kind: History, numbers: list[int], last: int) -> None:
        """Let these rows go, except for what is needed by now. Only where files follow them does it
        matter whether a power cut brings rows back."""
        try:
            self._database.removals += 1
            await self._database.write(
                lambda connection: kind.remove(connection, numbers, last),
                durable=kind.size is not None,
            )
        finally:
            self._database.removals += 1

    async def forget_gone_files(self, cutoff: datetime) -> None:
        """Folder triggers no longer remember files that were gone before `cutoff`."""
        table = tables.ledger.c
        statement = select(table.automation, table.trigger, table.path).where(
            table.gone_at < cutoff
        )
        rows = [tuple(row) for row in await self._rows(statement)]
        for begin in range(0, len(rows), 100):
            piece = rows[begin : begin + 100]
            await self._execute(_forgetting(piece, cutoff))

    async def forget_occurrences(self, cutoff: datetime) -> None:
        """Settled moments of schedules from before `cutoff`; each schedule's last one stays, since
        it goes on from there."""
        table, later = tables.occurrences.c, tables.occurrences.alias("later")
        followed = exists().where(
            later.c.automation == table.automation,
            later.c.trigger == table.trigger,
            later.c.scheduled_at > table.scheduled_at,
        )
        await self._execute(
            delete(tables.occurrences).where(
                table.scheduled_at < cutoff, table.state != "due", followed
            )
        )

    async def forget_deliveries(self, cutoff: datetime) -> None:
        """What was delivered, or given up, before `cutoff`."""
        await self._execute(delete(tables.deliveries).where(tables.deliveries.c.ended_at < cutoff))

    async def forget_events_but_of(self, automations: Collection[str], cutoff: datetime) -> None:
        """What waits since before `cutoff` for an automation that is not among these."""
        table = tables.events.c
        strange = table.automation.not_in(sorted(automations))
        await self._execute(
            delete(tables.events).where(tables.WAITING, table.observed_at < cutoff, strange)
        )

    async def forget_placements(self) -> None:
        """Names of files that are there no longer, of runs and firings that nobody remembers."""
        table = tables.placements.c
        owned = or_(
            exists().where(tables.runs.c.id == table.owner),
            exists().where(tables.firings.c.id == table.owner),
        )
        statement = select(table.number, table.path).where(table.done, ~owned)
        latest = select(func.max(table.number))
        last = await self._database.read(lambda connection: connection.scalar(latest)) or 0
        after = 0
        while after < last:
            window = statement.where(table.number > after, table.number <= after + _WINDOW)
            rows = await self._rows(window)
            gone = await asyncio.to_thread(_without_files, rows)
            for begin in range(0, len(gone), 500):
                piece = gone[begin : begin + 500]
                await self._execute(delete(tables.placements).where(table.number.in_(piece)))
            after += _WINDOW

    async def give_pages_back(self) -> None:
        """Return what the database file no longer needs to the file system, piece by piece."""
        free = await self._database.read(_free_pages)
        while free > _PAGES_KEPT:
            await self._database.write(_give_back, durable=False)
            left = await self._database.read(_free_pages)
            if left >= free:  # an old file without the bookkeeping for it
                return
            free = left

    async def _first(self, kind: History) -> int:
        statement = select(func.min(kind.number))
        return await self._database.read(lambda connection: connection.scalar(statement)) or 0

    async def _rows(self, statement: Any) -> list[Any]:
        return await self._database.read(
            lambda connection: list(connection.execute(statement).all())
        )

    async def _execute(self, statement: Any) -> None:
        await self._database.write(
            lambda connection: connection.execute(statement).rowcount, durable=False
        )


def _halve(connection: Connection, kind: History, cutoff: datetime) -> int:
    """The last number that is older; `low` is, or is before all, `high` is not."""
    first = connection.scalar(select(func.min(kind.number)))
    last = connection.scalar(select(func.max(kind.number)))
    low, high = (first or 1) - 1, (last or 0) + 1
    while high - low > 1:
        middle = (low + high) // 2
        statement = select(kind.number, kind.at).where(kind.number >= middle)
        row = connection.execute(statement.order_by(kind.number).limit(1)).first()
        if row is not None and row[1] < cutoff:
            low = row[0]
        else:
            high = middle
    return int(low)


def _forgetting(rows: list[Any], cutoff: datetime) -> Any:
    table = tables.ledger.c
    key = tuple_(table.automation, table.trigger, table.path)
    return delete(tables.ledger).where(key.in_(rows), table.gone_at < cutoff)


def _without_files(rows: list[Any]) -> list[int]:
    return [number for number, path in rows if not lexists(path)]


def _free_pages(connection: Connection) -> int:
    return int(connection.exec_driver_sql("PRAGMA freelist_count").scalar_one())


def _give_back(connection: Connection) -> None:
    # It gives one row, without columns, for each page, and goes on only when that is fetched.
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})")
    cursor.fetchall()
