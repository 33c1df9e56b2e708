"""Runs come back as they were written."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from hub.errors import NotFound
from hub.records.run import ErrorKind, Origin, Run, RunError, RunNode, RunProgress, RunState
from hub.storage.database import Database
from hub.storage.runs import RunRepository, end_run, insert_nodes, set_publication

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


def run(number: int = 1, **changes: object) -> Run:
    made = Run(
        number=number,
        id=f"id-{number}",
        state=RunState.QUEUED,
        origin=Origin.API,
        graph={"1": {"class_type": "EmptyImage", "inputs": {}}},
        created_at=NOON,
        targets=("1",),
        parameters={"name": "caf\udce9"},
        tags=("first", "caf\udce9"),
    )
    return replace(made, **changes)


async def committed(database: Database) -> None:
    """What nobody waits for is written with this."""
    await database.write(lambda connection: None)


async def test_a_run_is_found_by_number_and_by_id(database: Database) -> None:
    repository = RunRepository(database)
    await repository.add(run())
    assert await repository.get("1") == await repository.get("id-1") == run()


async def test_asking_twice_gives_the_first_run(database: Database) -> None:
    repository = RunRepository(database)
    await repository.add(run())
    assert (await repository.add(run(2, id="id-1"))).number == 1
    assert await repository.last_number() == 1


async def test_an_unknown_run_is_told(database: Database) -> None:
    with pytest.raises(NotFound, match="no run '7'"):
        await RunRepository(database).get("7")


async def test_an_ended_run_is_no_longer_unfinished(database: Database) -> None:
    repository = RunRepository(database)
    await repository.add(run())
    repository.starting("id-1", 1, NOON)
    await committed(database)
    [unfinished] = await repository.unfinished()
    assert (unfinished.state, unfinished.attempt) == (RunState.RUNNING, 1)
    error = RunError(kind=ErrorKind.NODE_FAILED, message="No.", traceback=("a", "b"))
    ended = run(state=RunState.FAILED, ended_at=NOON, error=error)
    await database.write(lambda connection: end_run(connection, ended))
    assert await repository.unfinished() == []
    assert (await repository.get("1")).error == error


async def test_a_second_attempt_keeps_the_first_start(database: Database) -> None:
    repository = RunRepository(database)
    await repository.add(run())
    repository.starting("id-1", 1, NOON)
    repository.starting("id-1", 2, NOON.replace(hour=13))
    await committed(database)
    found = await repository.get("1")
    assert (found.started_at, found.attempt) == (NOON, 2)


async def test_a_publication_is_kept_until_the_run_ends(database: Database) -> None:
    repository = RunRepository(database)
    await repository.add(run())
    await database.write(lambda connection: set_publication(connection, "id-1", [{"node": "1"}]))
    assert await repository.publications() == {"id-1": [{"node": "1"}]}
    ended = run(state=RunState.SUCCEEDED, ended_at=NOON)
    await database.write(lambda connection: end_run(connection, ended))
    assert await repository.publications() == {}


async def test_pages_go_down_from_the_latest(database: Database) -> None:
    repository = RunRepository(database)
    for number in range(1, 6):
        await repository.add(run(number))
    assert [item.number for item in await repository.page(before=5, limit=2)] == [4, 3]


async def test_nodes_and_progress_come_back(database: Database) -> None:
    repository = RunRepository(database)
    await repository.add(run())
    node = RunNode(run="id-1", node="1", class_type="EmptyImage", cached=False, seconds=0.5)
    await database.write(lambda connection: insert_nodes(connection, [node]))
    point = RunProgress(run="id-1", attempt=1, node="1", value=1, maximum=4, at=NOON)
    repository.add_progress([point])
    await database.write(lambda connection: None)
    assert await repository.nodes("id-1") == [node]
    assert await repository.progress("id-1") == [point]
