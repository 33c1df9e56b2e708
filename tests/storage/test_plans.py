"""No list, page or look-up goes through a whole table that grows with the history."""

from collections.abc import Awaitable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from hub.clock import SystemClock
from hub.config.folders import Folders
from hub.errors import NotFound
from hub.records.delivery import DeliveryState
from hub.records.firing import FiringState
from hub.records.output import Choice
from hub.records.run import RunState
from hub.records.sighting import Sighting, SightingState
from hub.storage.books import Books
from hub.storage.database import Database
from hub.storage.ledger import TriggerLedger
from hub.storage.occurrences import TriggerOccurrences
from hub.storage.placements import find_placement
from hub.storage.prompt_history import ENDED

BY_NUMBER = (
    "SCAN runs",
    "SCAN firings",
    "SCAN deliveries",
)  # the latest of all: the table itself is in that order


@pytest.fixture
def books(database: Database, tmp_path: Path) -> Books:
    return Books(database, Folders(config=tmp_path, data=tmp_path), 0, SystemClock())


async def plans_of(database: Database, *work: Awaitable[Any]) -> list[tuple[str, str]]:
    """How SQLite goes about each statement that `work` executes: its plan, and the statement."""
    told: list[tuple[str, str]] = []

    def listen(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        plain = cursor.connection.cursor()
        plain.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        told.extend((row[3], statement) for row in plain.fetchall())

    event.listen(database._engine, "before_cursor_execute", listen)
    try:
        for each in work:
            with suppress(NotFound):
                await each
    finally:
        event.remove(database._engine, "before_cursor_execute", listen)
    return told


def scans(plans: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        (plan, statement)
        for plan, statement in plans
        if (plan.startswith("SCAN") and "USING INDEX" not in plan) or "TEMP B-TREE" in plan
    ]


async def test_lists_and_pages_use_indexes(database: Database, books: Books) -> None:
    runs, failed = books.runs, RunState.FAILED
    found = await plans_of(
        database,
        runs.page(),
        runs.page(before=7),
        runs.page(state=failed, before=7),
        runs.page(workflow="photo", before=7),
        runs.page(workflow="photo", state=failed, before=7),
        runs.page(automation="photos", before=7),
        runs.page(automation="photos", state=failed),
        books.firings.page(),
        books.firings.page(automation="photos"),
        books.firings.page(automation="photos", before="firing"),
        books.firings.page(state=FiringState.FAILED, before="firing"),
        books.firings.page(state=FiringState.RUNNING),
        books.firings.page(automation="photos", state=FiringState.FAILED),
        books.firings.latest_of(["photos"]),
        books.firings.latest_result("photos", "actions/0"),
        books.ledger.quarantined(),
        books.events.of_trigger("photos", "0", 1),
        books.past.events(automation="photos", trigger="0"),
        books.past.occurrences(SystemClock().now(), SystemClock().now()),
        books.deliveries.page(),
        books.deliveries.page(state=DeliveryState.DEAD),
    )
    assert [plan for plan, _ in scans(found) if plan not in BY_NUMBER] == []


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({"state": RunState.FAILED}, "runs_of_state"),
        ({"state": RunState.RUNNING}, "runs_open"),
        ({"workflow": "photo"}, "runs_of_workflow"),
        ({"automation": "photos"}, "runs_of_automation"),
        ({"workflow": "photo", "state": RunState.FAILED}, "runs_ended_of_workflow"),
        ({"automation": "photos", "state": RunState.FAILED}, "runs_ended_of_automation"),
    ],
)
async def test_runs_are_found_in_the_index_of_what_is_asked(
    database: Database, books: Books, asked: dict[str, Any], index: str
) -> None:
    found = await plans_of(database, books.runs.page(**asked, before=7))
    assert [plan for plan, _ in found if f"INDEX {index} " in plan]


async def test_what_runs_took_lately_is_found_in_the_index_of_their_workflow(
    database: Database, books: Books
) -> None:
    found = await plans_of(database, books.runs.took_lately("photo", 20))
    assert [plan for plan, _ in found if "INDEX runs_ended_of_workflow " in plan]


async def test_pages_of_outputs_go_from_run_to_run(database: Database, books: Books) -> None:
    found = await plans_of(
        database,
        books.outputs.page(),
        books.outputs.page(before=(7, 9)),
        books.outputs.page(Choice(workflow="photo"), before=(7, 9)),
        books.outputs.page(Choice(automation="photos")),
    )
    # Only one run's outputs at a time are sorted; SQLite has two ways to say that.
    sorting = ("FOR RIGHT PART OF ORDER BY", "FOR LAST TERM OF ORDER BY")
    other = [plan for plan, _ in scans(found) if not plan.endswith(sorting)]
    assert [plan for plan in other if plan not in BY_NUMBER] == []


async def test_ends_of_runs_are_counted_from_an_index(database: Database, books: Books) -> None:
    found = await plans_of(database, books.runs.ended_by_hour(SystemClock().now()))
    assert [plan for plan, _ in scans(found)] == ["USE TEMP B-TREE FOR GROUP BY"]


async def test_marked_outputs_are_found_without_looking_at_others(
    database: Database, books: Books
) -> None:
    found = await plans_of(
        database,
        books.outputs.page(Choice(starred=True), before=(7, 9)),
        books.outputs.page(Choice(tag="beach", workflow="photo")),
        books.outputs.page(Choice(outputs=(1, 2))),
    )
    # They are sorted, all of them, as they are few.
    assert [plan for plan, _ in scans(found) if plan != "USE TEMP B-TREE FOR ORDER BY"] == []


async def test_pages_of_what_comfyuis_clients_see_use_indexes(
    database: Database, books: Books
) -> None:
    history, some = books.prompt_history, [RunState.FAILED, RunState.CANCELLED]
    found = await plans_of(
        database,
        history.latest(7),
        history.ended_from(7, 7),
        history.page(ENDED, count=7),
        history.page(some, count=7),
        history.page(some, editor_workflow="w", descending=False),
        history.page(ENDED, by_duration=True, count=7),
        history.page(some, by_duration=True, descending=False, count=7),
        history.count(),
        history.count(some),
        history.get("run"),
        history.hide(["run"]),
        history.hide_all(),
    )
    assert scans(found) == []
    of_states = [plan for plan, statement in found if "state IN" in statement and "SEARCH" in plan]
    assert of_states
    assert [plan for plan in of_states if "INDEX runs_listed_of_" not in plan] == []


async def test_looking_up_one_thing_uses_indexes(
    database: Database, books: Books, tmp_path: Path
) -> None:
    mine = TriggerLedger(database, SystemClock(), "photos", "0")
    sighting = Sighting(
        path=tmp_path,
        size=1,
        mtime_ns=1,
        inode=1,
        state=SightingState.ADMITTED,
        reason="",
        seen_at=SystemClock().now(),
        sha256="0" * 64,
        event="event",
    )
    found = await plans_of(
        database,
        books.runs.of_firing("firing"),
        books.runs.nodes("run"),
        books.runs.progress("run"),
        books.outputs.of_run("run"),
        books.outputs.of_runs(["run"]),
        books.outputs.at_path(tmp_path),
        books.firings.of_event("event"),
        books.ledger.about(tmp_path),
        books.ledger.brought_to(tmp_path),
        books.ledger.taken_to(sighting),
        mine.past_of(tmp_path, "0" * 64),
        mine.moved_source_of("event"),
        database.read(lambda connection: find_placement(connection, "run", "slot")),
    )
    assert [plan for plan, _ in scans(found) if "B-TREE" not in plan] == []


async def test_a_start_looks_only_at_what_is_left_to_do(database: Database, books: Books) -> None:
    found = await plans_of(
        database,
        books.events.without_firing(),
        books.firings.open(),
        books.runs.unfinished(),
        books.runs.publications(),
        books.runs.last_number(),
        books.occurrences.cancel_strangers([], automations=[]),
    )
    assert scans([row for row in found if "B-TREE" not in row[0]]) == []


async def test_moments_that_are_due_are_found_without_going_through_those_that_were(
    database: Database, books: Books
) -> None:
    found = await plans_of(
        database,
        TriggerOccurrences(database, "photos", "0").due(),
        books.occurrences.cancel_strangers([], automations=[]),
        books.occurrences.due_before(SystemClock().now()),
    )
    searches = [plan for plan, _ in found if "occurrences" in plan]
    assert len(searches) == 3
    assert [plan for plan in searches if "COVERING INDEX occurrences_due" not in plan] == []


async def test_what_was_missed_lately_is_found_by_time(database: Database, books: Books) -> None:
    found = await plans_of(database, books.occurrences.missed(SystemClock().now()))
    assert [plan for plan, _ in scans(found)] == ["USE TEMP B-TREE FOR GROUP BY"]
    assert "INDEX occurrences_by_time " in found[0][0]


async def test_files_that_are_there_are_found_without_going_through_those_that_are_gone(
    database: Database,
) -> None:
    mine = TriggerLedger(database, SystemClock(), "photos", "0")
    found = await plans_of(database, mine.open_sightings())
    assert ["INDEX ledger_open" in plan for plan, _ in found] == [True]
