"""The ledger: what folder triggers think of files."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, literal_column, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from hub.clock import Clock
from hub.records.sighting import Past, Sighting, SightingState
from hub.records.wait import PREFIX
from hub.storage import tables
from hub.storage.database import Database
from hub.storage.placements import MOVED_SOURCE
from hub.storage.prepared import Prepared
from hub.together import Together

_AT_ONCE = 100  # files that are asked about in one statement


class TriggerLedger:
    """The part of the ledger that belongs to one trigger of one automation."""

    def __init__(self, database: Database, clock: Clock, automation: str, trigger: str) -> None:
        self._database = database
        self._clock = clock
        self._automation = automation
        self._trigger = trigger
        table = tables.ledger.c
        self._mine = and_(table.automation == automation, table.trigger == trigger)
        self._events_with = _EVENTS_OF_WAIT if trigger.startswith(PREFIX) else _EVENTS_OF_TRIGGERS
        self._pasts = Together(self._pasts_of, most=_AT_ONCE)

    async def open_sightings(self) -> dict[Path, Sighting]:
        statement = select(tables.ledger).where(self._mine, tables.ledger.c.gone_at.is_(None))
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return {row.path: _sighting(row) for row in rows}

    async def record(self, sightings: list[Sighting]) -> None:
        def work(connection: Connection) -> None:
            for sighting in sightings:
                upsert_sighting(connection, self._automation, self._trigger, sighting)

        await self._database.write(work)

    async def close(self, paths: list[Path]) -> None:
        statement = (
            update(tables.ledger)
            .where(self._mine, tables.ledger.c.path.in_(paths))
            .values(gone_at=self._clock.now())
        )
        await self._database.write(lambda connection: _run(connection, statement))

    async def past_of(self, path: Path, sha256: str) -> Past:
        return await self._pasts.ask((path, sha256))

    async def _pasts_of(self, files: Sequence[tuple[Path, str]]) -> list[Past]:
        paths = [path for path, _ in files]
        hashes = [sha256 for _, sha256 in files]
        mine = {"automation": self._automation, "trigger": self._trigger}
        with_hashes, at_paths = {**mine, "hashes": hashes}, {**mine, "paths": paths}

        def work(connection: Connection) -> list[Past]:
            same = connection.execute(self._events_with, with_hashes)
            events = {row.sha256: row.event for row in same}
            own = {(row.path, row.sha256) for row in connection.execute(_OWN, {"paths": paths})}
            unopened = {row.path: _sighting(row) for row in connection.execute(_UNOPENED, at_paths)}
            return [
                Past(is_own=file in own, event=events.get(file[1]), unopened=unopened.get(file[0]))
                for file in files
            ]

        return await self._database.read(work)

    async def moved_source_of(self, event: str) -> bool:
        statement = _MOVED_SOURCES.where(tables.firings.c.event == event).limit(1)
        found = await self._database.read(lambda connection: connection.scalar(statement))
        return found is not None

    async def state(self) -> dict[str, Any]:
        table = tables.trigger_states.c
        statement = select(table.state).where(
            table.automation == self._automation, table.trigger == self._trigger
        )
        return await self._database.read(lambda connection: connection.scalar(statement)) or {}

    async def remember(self, state: dict[str, Any]) -> None:
        statement = insert(tables.trigger_states).values(
            automation=self._automation, trigger=self._trigger, state=state
        )
        replacing = statement.on_conflict_do_update(
            index_elements=["automation", "trigger"], set_={"state": statement.excluded.state}
        )
        await self._database.write(lambda connection: _run(connection, replacing))


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Opinion:
    """What one trigger thinks, or thought, of a file."""

    automation: str
    trigger: str
    sighting: Sighting
    gone_at: datetime | None


class Ledger:
    """The whole ledger, for those who ask why."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def about(self, path: Path) -> list[Opinion]:
        """What each folder trigger thinks of `path`."""
        statement = select(tables.ledger).where(tables.ledger.c.path == path)
        return await self._opinions(statement)

    async def quarantined(self) -> list[Opinion]:
        """Files that are there but cannot be used, latest first."""
        table = tables.ledger.c
        return await self._opinions(
            select(tables.ledger)
            .where(_IS_QUARANTINED, table.gone_at.is_(None))
            .order_by(table.seen_at.desc())
            .limit(200)
        )

    async def brought_to(self, path: Path) -> list[Opinion]:
        """What was thought of the file that an automation moved to `path`, where it was before."""
        statement = (
            select(tables.ledger)
            .join(tables.firings, tables.firings.c.event == tables.ledger.c.event)
            .join(tables.placements, tables.placements.c.owner == tables.firings.c.id)
            .where(
                tables.placements.c.path == path,
                tables.placements.c.sha256 == tables.ledger.c.sha256,
                tables.firings.c.automation == tables.ledger.c.automation,
                tables.THERE,
                _IS_MOVED_SOURCE,
            )
        )
        return await self._opinions(statement)

    async def taken_to(self, sighting: Sighting) -> Path | None:
        """Where an automation moved the file, its own path if it was deleted, or None."""
        statement = _MOVED_SOURCES.where(
            tables.firings.c.event == sighting.event,
            tables.placements.c.sha256 == sighting.sha256,
        )
        found: Path | None = await self._database.read(
            lambda connection: connection.scalar(statement)
        )
        return found

    async def _opinions(self, statement: Any) -> list[Opinion]:
        rows: Sequence[Row[Any]] = await self._database.read(
            lambda connection: connection.execute(statement).all()
        )
        return [
            Opinion(
                automation=row.automation,
                trigger=row.trigger,
                sighting=_sighting(row),
                gone_at=row.gone_at,
            )
            for row in rows
        ]


# Of a batch there are several: `after`, `after/1` and so on.
_IS_MOVED_SOURCE = or_(
    tables.placements.c.slot == MOVED_SOURCE,
    tables.placements.c.slot.startswith(f"{MOVED_SOURCE}/"),
)
_MOVED_SOURCES = (
    select(tables.placements.c.path)
    .join(tables.firings, tables.placements.c.owner == tables.firings.c.id)
    .where(_IS_MOVED_SOURCE, tables.placements.c.done)
)
# A value that is bound would keep SQLite from using the index of just these rows.
_IS_QUARANTINED = tables.ledger.c.state == literal_column(f"'{SightingState.QUARANTINED.value}'")
_EVENTS_WITH = select(tables.ledger.c.sha256, tables.ledger.c.event).where(
    tables.ledger.c.automation == bindparam("automation"),
    tables.ledger.c.sha256.in_(bindparam("hashes", expanding=True)),
    # A duplicate's row may have taken the place of the one that it is a duplicate of.
    tables.ledger.c.state.in_([SightingState.ADMITTED, SightingState.DUPLICATE]),
    tables.ledger.c.event.is_not(None),
)
# A step waits for something to happen, also to a file that the automation has had before.
_EVENTS_OF_WAIT = _EVENTS_WITH.where(tables.ledger.c.trigger == bindparam("trigger"))
_EVENTS_OF_TRIGGERS = _EVENTS_WITH.where(~tables.ledger.c.trigger.startswith(PREFIX))
_UNOPENED = select(tables.ledger).where(
    tables.ledger.c.automation == bindparam("automation"),
    tables.ledger.c.trigger == bindparam("trigger"),
    tables.ledger.c.path.in_(bindparam("paths", expanding=True)),
    tables.ledger.c.state == SightingState.LEFT_ALONE,
    tables.ledger.c.sha256.is_(None),
    tables.ledger.c.gone_at.is_not(None),
)
_OWN = select(tables.placements.c.path, tables.placements.c.sha256).where(
    tables.placements.c.path.in_(bindparam("paths", expanding=True)), tables.THERE
)


def upsert_sighting(
    connection: Connection, automation: str, trigger: str, sighting: Sighting
) -> None:
    """Write a judgement in place of an earlier one of the same path."""
    values = {name: getattr(sighting, name) for name in _FIELDS}
    _UPSERT.run(connection, {**values, "automation": automation, "trigger": trigger})


_FIELDS = [field.name for field in dataclasses.fields(Sighting)]
_INSERT = insert(tables.ledger)
_UPSERT = Prepared(
    _INSERT.on_conflict_do_update(
        index_elements=["automation", "trigger", "path"],
        set_={"gone_at": None}
        | {name: _INSERT.excluded[name] for name in _FIELDS if name != "path"},
    ),
    [*_FIELDS, "automation", "trigger"],
)


def _sighting(row: Row[Any]) -> Sighting:
    values = {name: row._mapping[name] for name in _FIELDS}
    return Sighting(**{**values, "state": SightingState(values["state"])})


def _run(connection: Connection, statement: Any) -> None:
    connection.execute(statement)
