"""What ComfyUI's clients see of ended runs is counted exactly, though not from the beginning."""

from datetime import UTC, datetime

from hub.records.run import Origin, RunState
from hub.storage.database import Database
from hub.storage.history import RUNS
from hub.storage.prompt_history import PromptHistory
from hub.storage.pruning import Pruning
from hub.storage.runs import RunRepository, end_run
from tests.storage.test_runs import run

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


async def ended(database: Database, number: int, state: RunState = RunState.SUCCEEDED) -> None:
    await RunRepository(database).add(run(number, origin=Origin.PROMPT))
    await end(database, number, state)


async def end(database: Database, number: int, state: RunState = RunState.SUCCEEDED) -> None:
    over = run(number, state=state, ended_at=NOON)
    await database.write(lambda connection: end_run(connection, over))


async def counts(history: PromptHistory) -> tuple[int, int]:
    """All, and those that failed."""
    return await history.count(), await history.count([RunState.FAILED])


async def test_runs_count_when_they_end_in_whatever_order(database: Database) -> None:
    history = PromptHistory(database)
    await ended(database, 1)
    await RunRepository(database).add(run(2, origin=Origin.PROMPT))
    await ended(database, 3, RunState.FAILED)
    assert await counts(history) == (2, 1)
    await ended(database, 4)
    await end(database, 2, RunState.FAILED)
    assert await counts(history) == (4, 2)
    await ended(database, 5)
    assert await counts(history) == (5, 2)


async def test_what_is_hidden_or_let_go_counts_no_more(database: Database) -> None:
    history = PromptHistory(database)
    for number in (1, 2, 3, 4):
        await ended(database, number, RunState.FAILED if number == 4 else RunState.SUCCEEDED)
    assert await counts(history) == (4, 1)
    await history.hide(["id-4"])
    assert await counts(history) == (3, 0)
    await Pruning(database).remove(RUNS, [1, 2], 4)
    assert await counts(history) == (1, 0)
    await history.hide_all()
    assert await counts(history) == (0, 0)
