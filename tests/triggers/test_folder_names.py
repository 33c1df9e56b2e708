"""Files that come, go and change their names."""

import asyncio
import hashlib
import os
from pathlib import Path

import pytest

from hub.records.media import Inspection
from hub.records.sighting import SightingState
from hub.testing.folder_context import MemoryTriggerContext
from hub.testing.inbox import Inbox, jpeg
from hub.triggers.base import Probe
from tests.triggers.folder_watching import watching

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVERYTHING = ("added", "changed", "removed", "renamed")


async def test_any_name_will_do(inbox: Inbox, context: MemoryTriggerContext) -> None:
    names = [b"two\nlines.jpg", b"not utf-8 \xff\xfe.jpg", "schön — é.JPG".encode(), b" .x .jpg"]
    async with watching(context):
        for seed, name in enumerate(names):
            inbox.put(b"sub\xff/" + name, jpeg(seed))
        await context.pass_time_until(lambda: len(context.events) == len(names))
    seen = {os.fsencode(event.variables["file"]) for event in context.events.values()}
    assert seen == set(names)


async def test_a_temporary_name_counts_as_one_file_added(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    """Whether the temporary name is one of those that are ignored, or not."""
    async with watching(context, events=EVERYTHING):
        for seed, name in enumerate(("a.jpg.part", "b-incoming.jpg")):
            path = inbox.folder / name
            path.write_bytes(jpeg(seed))
            path.rename(inbox.folder / f"{name[0]}.jpg")
        await context.pass_time_until(lambda: len(context.events) == 2)
        inbox.drop("last.jpg", 9)
        await context.pass_time_until(lambda: len(context.events) == 3)
    assert sorted(context.seen()) == [("added", "a.jpg"), ("added", "b.jpg"), ("added", "last.jpg")]


async def test_a_new_name_within_the_folder_is_renamed(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    async with watching(context, events=EVERYTHING):
        path = inbox.drop("a.jpg")
        await context.pass_time_until(lambda: context.events)
        (inbox.folder / "sub").mkdir()
        path.rename(inbox.folder / "sub" / "b.jpg")
        await context.pass_time_until(lambda: path not in context.ledger.rows)
    assert context.seen() == [("added", "a.jpg"), ("renamed", "sub/b.jpg")]
    [_, renamed] = context.events.values()
    assert renamed.variables["previous_path"] == str(path)


async def test_a_renamed_file_is_not_added_again_where_renaming_is_not_wanted(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    async with watching(context, on_duplicate="run"):
        path = inbox.drop("a.jpg")
        await context.pass_time_until(lambda: context.events)
        path.rename(inbox.folder / "b.jpg")
        await context.pass_time_until(lambda: path not in context.ledger.rows)
    [row] = context.ledger.rows.values()
    assert (row.state, row.reason) == (SightingState.ADMITTED, "It was renamed from a.jpg.")
    assert len(context.events) == 1


async def test_a_whole_folder_can_be_renamed(inbox: Inbox, context: MemoryTriggerContext) -> None:
    async with watching(context, events=EVERYTHING):
        for number in range(5):
            inbox.drop(f"old/{number}.jpg", number)
        await context.pass_time_until(lambda: len(context.events) == 5)
        (inbox.folder / "old").rename(inbox.folder / "new")
        await context.pass_time_until(lambda: len(context.events) == 10)
        await context.pass_time_until(lambda: len(context.ledger.rows) == 5)
    assert {event for event, _ in context.seen()[5:]} == {"renamed"}


async def test_a_folder_moved_in_brings_its_files_and_moved_out_takes_them(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    outside = inbox.folder.parent / "outside"
    (outside / "deep").mkdir(parents=True)
    (outside / "deep" / "a.jpg").write_bytes(jpeg())
    async with watching(context, events=EVERYTHING):
        outside.rename(inbox.folder / "in")
        await context.pass_time_until(lambda: context.events)
        (inbox.folder / "in").rename(outside)
        await context.pass_time_until(lambda: not context.ledger.rows)
    assert context.seen() == [("added", "in/deep/a.jpg"), ("removed", "in/deep/a.jpg")]


async def test_a_removed_file_is_new_when_it_comes_again(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    async with watching(context, events=("added", "removed"), on_duplicate="run"):
        for _ in range(2):
            path = inbox.drop("a.jpg")
            await context.pass_time_until(lambda: context.ledger.rows)
            path.unlink()
            await context.pass_time_until(lambda: not context.ledger.rows)
    assert [event for event, _ in context.seen()] == ["added", "removed", "added", "removed"]


async def test_an_editor_that_puts_a_file_in_the_place_of_another_has_changed_it(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    async with watching(context, events=EVERYTHING):
        inbox.drop("a.jpg", 1)
        await context.pass_time_until(lambda: context.events)
        inbox.drop("a.jpg", 2)
        await context.pass_time_until(lambda: len(context.events) == 2)
    assert context.seen() == [("added", "a.jpg"), ("changed", "a.jpg")]


async def test_a_name_that_is_used_again_at_once_is_that_of_a_new_file(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    """As with a scanner that always writes scan.jpg, from where it is moved or removed."""
    async with watching(context):
        path = inbox.drop("scan.jpg", 0)
        await context.pass_time_until(lambda: len(context.events) == 1)
        path.rename(inbox.folder.parent / "0.jpg")
        inbox.drop("scan.jpg", 1)
        await context.pass_time_until(lambda: len(context.events) == 2)
        path.unlink()
        inbox.drop("scan.jpg", 2)
        await context.pass_time_until(lambda: len(context.events) == 3)
    assert context.seen() == [("added", "scan.jpg")] * 3


async def test_a_name_in_a_folder_that_is_made_again_at_once_is_that_of_a_new_file(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    async with watching(context):
        inbox.drop("sub/a.jpg", 1)
        await context.pass_time_until(lambda: context.events)
        (inbox.folder / "sub").rename(inbox.folder.parent / "elsewhere")
        inbox.drop("sub/a.jpg", 2)
        await context.pass_time_until(lambda: len(context.events) == 2)
    assert context.seen() == [("added", "sub/a.jpg")] * 2


class MovingProbe:
    """Has the file taken away, and another one put under its name, while it is opened."""

    def __init__(self, probe: Probe, inbox: Inbox, *, before: bool) -> None:
        self._probe = probe
        self._inbox = inbox
        self._before = before
        self._asked = 0

    async def inspect(self, path: Path) -> Inspection:
        self._asked += 1
        if self._asked > 1:
            return await self._probe.inspect(path)
        if self._before:
            await asyncio.to_thread(self._move, path)
        inspection = await self._probe.inspect(path)
        if not self._before:
            await asyncio.to_thread(self._move, path)
        return inspection

    def _move(self, path: Path) -> None:
        path.rename(self._inbox.folder.parent / "moved.jpg")
        self._inbox.drop(path.name, 1)


@pytest.mark.parametrize("before", [True, False])
async def test_a_file_that_is_replaced_while_it_is_opened_is_not_taken_for_the_other(
    inbox: Inbox, context: MemoryTriggerContext, before: bool
) -> None:
    """The first came too late to be read; the second makes one event, with its own content."""
    context.probe = MovingProbe(context.probe, inbox, before=before)
    async with watching(context, on_duplicate="run", events=EVERYTHING):
        inbox.drop("scan.jpg")
        await context.pass_time_until(lambda: context.events)
        inbox.drop("last.jpg", 9)
        await context.pass_time_until(lambda: ("added", "last.jpg") in context.seen())
    assert context.seen() == [("added", "scan.jpg"), ("added", "last.jpg")]
    [event, _] = context.events.values()
    assert event.variables["sha256"] == hashlib.sha256(jpeg(1)).hexdigest()


async def test_a_renamed_file_whose_name_is_used_again_at_once_is_renamed(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    async with watching(context, events=EVERYTHING):
        path = inbox.drop("a.jpg", 1)
        await context.pass_time_until(lambda: context.events)
        path.rename(inbox.folder / "b.jpg")
        inbox.drop("a.jpg", 2)
        await context.pass_time_until(lambda: len(context.events) == 3)
    assert context.seen() == [("added", "a.jpg"), ("renamed", "b.jpg"), ("added", "a.jpg")]


async def test_what_the_hub_moves_within_the_folder_is_neither_added_nor_removed(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    """As `after: {success: {move: processed}}` does it: a second link, then the first one goes."""
    async with watching(context, events=EVERYTHING):
        path = inbox.drop("a.jpg")
        await context.pass_time_until(lambda: context.events)
        moved = inbox.folder / "processed" / "a.jpg"
        context.ledger.own.add((moved, context.ledger.rows[path].sha256 or ""))
        moved.parent.mkdir()
        moved.hardlink_to(path)
        path.unlink()
        await context.pass_time_until(lambda: path not in context.ledger.rows)
    assert context.state_of(moved) is SightingState.OWN
    assert context.seen() == [("added", "a.jpg")]


async def test_the_watched_folder_itself_may_be_a_link(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    real = inbox.folder.rename(inbox.folder.parent / "real")
    inbox.folder.symlink_to(real)
    async with watching(context, events=EVERYTHING):
        path = inbox.drop("a.jpg")
        await context.pass_time_until(lambda: context.events)
        (inbox.folder / "sub").mkdir()
        path.rename(inbox.folder / "sub" / "b.jpg")
        await context.pass_time_until(lambda: len(context.events) == 2)
    assert context.seen() == [("added", "a.jpg"), ("renamed", "sub/b.jpg")]


async def test_links_are_not_followed_and_special_files_not_opened(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    outside = inbox.folder.parent / "outside"
    outside.mkdir()
    (outside / "secret.jpg").write_bytes(jpeg(1))
    async with watching(context):
        (inbox.folder / "link.jpg").symlink_to(outside / "secret.jpg")
        (inbox.folder / "folder").symlink_to(outside)
        os.mkfifo(inbox.folder / "pipe.jpg")
        inbox.drop("a.jpg", 2)
        await context.pass_time_until(lambda: context.events)
    assert list(context.ledger.rows) == [inbox.folder / "a.jpg"]
