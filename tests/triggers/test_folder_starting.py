"""What a trigger makes of files that were there before it began to watch."""

from dataclasses import replace
from pathlib import Path

import pytest

from hub.records.sighting import SightingState
from hub.storage.input_store import StoreUnwritable
from hub.testing.folder_context import MemoryTriggerContext
from hub.testing.inbox import Inbox
from hub.triggers.folder_watch import NotAllowed
from tests.triggers.folder_watching import watching

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_at_the_very_first_start_old_files_are_left_alone(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    old = inbox.drop("old.jpg", 1)
    async with watching(context):
        assert context.state_of(old) is SightingState.LEFT_ALONE
        inbox.drop("new.jpg", 2)
        await context.pass_time_until(lambda: context.events)
    assert context.seen() == [("added", "new.jpg")]


async def test_old_files_are_taken_at_the_first_start_if_that_is_wanted(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    inbox.drop("old.jpg")
    async with watching(context, existing="process"):
        await context.pass_time_until(lambda: context.events)
    assert context.seen() == [("added", "old.jpg")]


async def test_what_came_changed_and_went_while_the_hub_was_down_is_found(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    events = ("added", "changed", "removed", "renamed")
    stays, goes, moves = (inbox.drop(f"{seed}.jpg", seed) for seed in range(3))
    async with watching(context, existing="process", events=events):
        await context.pass_time_until(lambda: len(context.events) == 3)
    inbox.drop(stays.name, 7)
    goes.unlink()
    moves.rename(inbox.folder / "moved.jpg")
    inbox.drop("new.jpg", 8)
    async with watching(context, events=events):
        await context.pass_time_until(lambda: len(context.events) == 7)
    assert sorted(context.seen()[3:]) == [
        ("added", "new.jpg"),
        ("changed", "0.jpg"),
        ("removed", "1.jpg"),
        ("renamed", "moved.jpg"),
    ]


async def test_nothing_fires_again_at_a_second_start(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    inbox.drop("a.jpg", 1)
    for _ in range(3):
        async with watching(context, existing="process", on_duplicate="run"):
            await context.pass_time_until(lambda: context.events)
    inbox.drop("b.jpg", 2)
    async with watching(context, existing="process", on_duplicate="run"):
        await context.pass_time_until(lambda: len(context.events) == 2)
    assert len(context.sightings) == 2


async def test_with_skip_what_came_while_the_hub_was_down_is_left_alone(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    async with watching(context, existing="skip"):
        inbox.drop("a.jpg", 1)
        await context.pass_time_until(lambda: context.events)
    missed = inbox.drop("b.jpg", 2)
    async with watching(context, existing="skip"):
        assert context.state_of(missed) is SightingState.LEFT_ALONE
    assert context.seen() == [("added", "a.jpg")]


async def test_a_left_alone_file_that_is_renamed_is_not_added(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    old = inbox.drop("old.jpg", 1)
    async with watching(context):
        old.rename(inbox.folder / "new.jpg")
        await context.pass_time_until(lambda: old not in context.ledger.rows)
    [row] = context.ledger.rows.values()
    assert row.state is SightingState.LEFT_ALONE
    assert not context.events


async def test_a_left_alone_file_with_new_content_has_changed(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    inbox.drop("old.jpg", 1)
    async with watching(context, events=("changed",)):
        inbox.drop("old.jpg", 2)
        await context.pass_time_until(lambda: context.events)
    assert context.seen() == [("changed", "old.jpg")]


async def test_what_could_not_be_opened_is_tried_again_at_the_next_start(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    path = inbox.drop("a.jpg")
    async with watching(context, existing="process"):
        await context.pass_time_until(lambda: context.events)
    [(key, event)] = context.events.items()
    row = context.ledger.rows[path]
    unopened = replace(row, state=SightingState.QUARANTINED, sha256=None, event=None)
    await context.ledger.record([unopened])
    async with watching(context):
        await context.pass_time_until(lambda: context.state_of(path) is SightingState.ADMITTED)
    assert context.events == {key: event}


async def test_a_folder_outside_the_allowed_ones_is_refused(
    inbox: Inbox, context: MemoryTriggerContext, tmp_path: Path
) -> None:
    with pytest.raises(NotAllowed, match=r"hub\.yaml"):
        async with watching(context, path=str(tmp_path.parent)):
            pass


async def test_a_failing_part_ends_the_watch_with_its_own_error(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    inbox.drop("a.jpg")
    (context.folders.config / "store").write_text("a file where the store's folder should be")
    with pytest.raises(StoreUnwritable, match="cannot take a file"):
        async with watching(context, existing="process") as task:
            await context.pass_time_until(task.done)
