"""The writer thread: groups, savepoints, durability, closing."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from hub.storage import tables
from hub.storage.database import Database, HalfLetter, StorageFailed
from tests.storage.damaged import damage


def put(name: str) -> Callable[[Connection], None]:
    def work(connection: Connection) -> None:
        connection.execute(insert(tables.graphs), {"hash": name, "graph": {}})

    return work


def put_state(automation: str) -> Callable[[Connection], None]:
    changed_at = datetime(2026, 1, 1, tzinfo=UTC)
    row = {"automation": automation, "enabled": False, "changed_at": changed_at, "reason": ""}

    def work(connection: Connection) -> None:
        connection.execute(insert(tables.automation_states), row)

    return work


async def names(database: Database) -> set[str]:
    statement = select(tables.graphs.c.hash)
    return set(await database.read(lambda connection: connection.scalars(statement).all()))


async def test_what_was_written_can_be_read(database: Database) -> None:
    await database.write(put("a"))
    assert await names(database) == {"a"}


async def test_a_violation_fails_alone_in_its_group(database: Database) -> None:
    await database.write(put("taken"))
    results = await asyncio.gather(
        *(database.write(put(name)) for name in ("a", "taken", "b")), return_exceptions=True
    )
    assert [type(result) for result in results] == [type(None), IntegrityError, type(None)]
    assert await names(database) == {"a", "b", "taken"}


async def test_what_a_failed_unit_had_written_is_undone(database: Database) -> None:
    def work(connection: Connection) -> None:
        put("half")(connection)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await database.write(work)
    assert await names(database) == set()


async def test_half_a_letter_is_refused_alone_and_told(database: Database) -> None:
    results = await asyncio.gather(
        *(database.write(put(name)) for name in ("a", "\ud800", "b")), return_exceptions=True
    )
    assert [type(result) for result in results] == [type(None), HalfLetter, type(None)]
    assert "half a letter" in str(results[1])
    assert await names(database) == {"a", "b"}


async def test_half_a_letter_in_what_people_read_is_written_out(database: Database) -> None:
    states = tables.automation_states
    row = {"automation": "a", "enabled": False, "changed_at": datetime(2026, 1, 1, tzinfo=UTC)}

    def work(connection: Connection) -> None:
        connection.execute(insert(states), {**row, "reason": "für \ud800"})

    await database.write(work)
    read = await database.read(lambda connection: connection.scalar(select(states.c.reason)))
    assert read == "für \\ud800"


async def test_a_cancelled_caller_still_gets_its_unit_committed(database: Database) -> None:
    task = asyncio.create_task(database.write(put("a")))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await database.write(put("b"))
    assert await names(database) == {"a", "b"}


async def test_progress_rides_with_the_next_group(database: Database) -> None:
    database.write_later(put("progress"))
    await database.write(put("a"))
    assert await names(database) == {"a", "progress"}


async def test_progress_is_written_without_company_too(database: Database) -> None:
    written = asyncio.Event()
    loop = asyncio.get_running_loop()

    def work(connection: Connection) -> None:
        put("progress")(connection)
        loop.call_soon_threadsafe(written.set)

    database.write_later(work)
    await written.wait()
    await database.write(put("a"))
    assert await names(database) == {"a", "progress"}


async def test_another_thread_writes_for_itself_what_came_before_it(database: Database) -> None:
    order: list[str] = []
    threads: set[str] = set()

    def noted(name: str) -> Callable[[Connection], None]:
        def work(connection: Connection) -> None:
            put(name)(connection)
            order.append(name)
            threads.add(threading.current_thread().name)

        return work

    database.write_later(noted("before"))
    await asyncio.to_thread(database.write_here, noted("own"))
    assert order == ["before", "own"]
    assert "database-writer" not in threads
    assert await names(database) == {"before", "own"}


async def test_another_thread_hears_of_its_own_failure_alone(database: Database) -> None:
    await database.write(put("taken"))
    waiting = asyncio.create_task(database.write(put("a")))
    with pytest.raises(IntegrityError):
        await asyncio.to_thread(database.write_here, put("taken"))
    await waiting
    assert await names(database) == {"a", "taken"}


async def test_many_threads_and_the_loop_write_together(database: Database) -> None:
    writes = (database.write(put(f"loop {number}")) for number in range(50))
    others = (asyncio.to_thread(database.write_here, put(f"{number}")) for number in range(50))
    await asyncio.gather(*writes, *others)
    assert len(await names(database)) == 100


async def test_closing_writes_what_still_waits(tmp_path: Path) -> None:
    path = tmp_path / "hub.sqlite"
    async with Database(path) as database:
        for index in range(5):
            database.write_later(put(f"{index}"))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM graphs").fetchone() == (5,)


async def test_a_full_database_is_told_as_such(database: Database) -> None:
    def shrink(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count=60")

    await database.write(shrink)
    large = [database.write(put(f"{index}" * 2000)) for index in range(100)]
    # All of them, or the small one might share a group with those that come later.
    results = await asyncio.gather(*large, return_exceptions=True)
    assert [type(result) for result in results] == [StorageFailed] * 100
    assert "Free some space" in str(results[0])
    await database.write(put("small"))
    assert "small" in await names(database)


async def test_a_file_that_is_no_database_is_told_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "hub.sqlite"
    path.write_bytes(b"not a database at all" * 500)
    with pytest.raises(StorageFailed, match=r"file is not a database\. Restore a backup"):
        await Database(path).__aenter__()


async def test_a_damaged_page_is_told_with_what_to_do_and_costs_only_who_needs_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "hub.sqlite"
    async with Database(path) as database:
        await database.write(put("a"))
    damage(path, "graphs")
    async with Database(path) as database:
        told = r"hub\.sqlite cannot be used: it is damaged: .*`hub restore --replace`"
        with pytest.raises(StorageFailed, match=told):
            await names(database)
        results = await asyncio.gather(
            database.write(put("b")), database.write(put_state("c")), return_exceptions=True
        )
        assert [type(result) for result in results] == [StorageFailed, type(None)]


async def test_a_database_that_another_program_holds_is_told_as_such(tmp_path: Path) -> None:
    def wait_for_nobody(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA busy_timeout=0")

    path = tmp_path / "hub.sqlite"
    async with Database(path) as database:
        await database.write(wait_for_nobody)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageFailed, match=r"locked\. Close the program that holds it"):
                await database.write(put("late"))
        await database.write(put("later"))
        assert await names(database) == {"later"}
