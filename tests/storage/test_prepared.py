"""Statements that go to the driver as they are."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from hub.storage import tables
from hub.storage.database import Database
from hub.storage.prepared import Prepared

SEEN = datetime(2026, 3, 1, 12, 0, 0, 250, tzinfo=UTC)
ROW = {
    "automation": "photos",
    "trigger": "inbox",
    "path": Path("in/\udcff\n.jpg"),
    "size": 3,
    "mtime_ns": 4,
    "inode": 5,
    "sha256": None,
    "state": "quarantined",
    "reason": "JPEG ends early",
    "seen_at": SEEN,
}


async def test_values_are_bound_as_by_sqlalchemy_itself(database: Database) -> None:
    columns = list(ROW)
    prepared = Prepared(insert(tables.ledger), columns)

    def work(connection: Connection) -> None:
        prepared.run(connection, ROW)
        connection.execute(insert(tables.ledger), ROW | {"trigger": "other"})

    await database.write(work)
    wanted = select(*[tables.ledger.c[name] for name in columns if name != "trigger"])
    rows = await database.read(lambda connection: connection.execute(wanted).all())
    assert rows[0] == rows[1]
    assert (rows[0].path, rows[0].seen_at) == (ROW["path"], SEEN)


FIELDS = ["automation", "enabled", "reason", "changed_at"]


def state_of(automation: str) -> dict[str, object]:
    return dict(zip(FIELDS, (automation, True, "", datetime.now(UTC)), strict=True))


async def test_it_tells_how_many_rows_it_touched(database: Database) -> None:
    table = tables.automation_states
    insertion = Prepared(insert(table).on_conflict_do_nothing(), FIELDS)
    switch = Prepared(
        update(table).where(table.c.automation == bindparam("which")).values(enabled=False)
    )
    row = state_of("photos")
    found = [
        await database.write(lambda connection: insertion.run(connection, row)),
        await database.write(lambda connection: insertion.run(connection, row)),
        await database.write(lambda connection: switch.run(connection, {"which": "photos"})),
        await database.write(lambda connection: switch.run(connection, {"which": "none"})),
    ]
    assert found == [1, 0, 1, 0]
    assert await database.read(lambda connection: connection.scalar(select(table.c.enabled))) == 0


async def test_many_rows_go_at_once_and_none_is_fine(database: Database) -> None:
    table = tables.automation_states
    insertion = Prepared(insert(table), FIELDS)
    rows = [state_of(f"{number}") for number in range(3)]
    await database.write(lambda connection: insertion.run_many(connection, rows))
    await database.write(lambda connection: insertion.run_many(connection, []))
    await database.write(lambda connection: Prepared(delete(table)).run(connection, {}))
    left = await database.read(lambda connection: connection.execute(select(table)).all())
    assert left == []
