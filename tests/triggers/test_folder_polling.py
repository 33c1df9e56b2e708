"""Looking without the kernel's hints, and at very many files."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from hub.testing.clock import ScriptedClock
from hub.testing.folder_context import MemoryTriggerContext
from hub.testing.inbox import Inbox, jpeg
from hub.triggers.folder_hints import Hints
from hub.triggers.folder_mount import Mount, mount_of
from hub.triggers.folder_watch import SAFETY_NET
from tests.triggers.folder_watching import watching

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_polled_folder_is_looked_through_at_intervals_only(
    inbox: Inbox, context: MemoryTriggerContext, clock: ScriptedClock
) -> None:
    async with watching(context, polling=True, interval=timedelta(seconds=5)):
        assert context.reports == [("watching", "Looked through every 5 s.")]
        await context.until(lambda: clock.sleepers == 1)
        inbox.drop("a.jpg")
        await clock.advance(4.9)
        assert clock.sleepers == 1
        await clock.advance(0.1)
        await context.until(lambda: clock.sleepers == 2)
        await context.pass_time_until(lambda: context.events)


async def test_a_share_is_polled_unless_that_is_switched_off(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    def share(folder: str) -> Mount:
        return Mount(source="nas:/photos", type="nfs4")

    async with watching(context, mount_of=share):
        assert "every 10 s" in context.reports[-1][1]
    async with watching(context, mount_of=share, polling=False):
        assert context.reports[-1] == ("watching", "")


class BetweenLooks:
    """Does things just before a look begins, so that none sees half of them."""

    def __init__(self) -> None:
        self.next: Callable[[], object] | None = None

    def mount_of(self, folder: str) -> Mount:
        """Each look begins with it."""
        if self.next is not None:
            self.next()
            self.next = None
        return mount_of(folder)


async def test_renaming_is_noticed_when_polling(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    between = BetweenLooks()
    events = ("added", "renamed")
    async with watching(context, mount_of=between.mount_of, polling=True, events=events):
        path = inbox.drop("a.jpg")
        await context.pass_time_until(lambda: context.events)
        between.next = lambda: path.rename(inbox.folder / "b.jpg")
        await context.pass_time_until(lambda: len(context.events) == 2)
    assert context.seen() == [("added", "a.jpg"), ("renamed", "b.jpg")]


async def test_a_renamed_file_whose_name_is_used_again_at_once_is_renamed_when_polling(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    between = BetweenLooks()

    def rename_and_replace() -> None:
        path.rename(inbox.folder / "b.jpg")
        inbox.drop("a.jpg", 2)

    events = ("added", "changed", "removed", "renamed")
    async with watching(context, mount_of=between.mount_of, polling=True, events=events):
        path = inbox.drop("a.jpg", 1)
        await context.pass_time_until(lambda: context.events)
        between.next = rename_and_replace
        await context.pass_time_until(lambda: len(context.events) == 3)
    assert context.seen() == [("added", "a.jpg"), ("renamed", "b.jpg"), ("added", "a.jpg")]


async def test_a_name_from_which_the_hub_moved_the_file_is_that_of_a_new_file_when_polling(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    """Where nothing else tells of it: the moved file lies outside, and there is another one under
    its old name at the next look."""
    between = BetweenLooks()

    def move_and_replace() -> None:
        path.rename(inbox.folder.parent / "moved.jpg")
        inbox.drop("scan.jpg", 1)

    events = ("added", "changed", "removed")
    async with watching(context, mount_of=between.mount_of, polling=True, events=events):
        path = inbox.drop("scan.jpg", 0)
        await context.pass_time_until(lambda: context.events)
        context.ledger.moved.add("event-0")
        between.next = move_and_replace
        await context.pass_time_until(lambda: len(context.events) == 2)
    assert context.seen() == [("added", "scan.jpg")] * 2


async def test_what_the_kernel_does_not_tell_of_is_found_by_looking_at_intervals(
    inbox: Inbox, context: MemoryTriggerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Hints, "dispatch", lambda hints, event: None)
    async with watching(context, safety_net=SAFETY_NET):
        inbox.drop("a.jpg")
        await context.pass_time_until(lambda: context.events)
    assert context.seen() == [("added", "a.jpg")]


async def test_many_hints_raise_doubt_and_lead_to_a_look_everywhere(inbox: Inbox) -> None:
    root = str(inbox.folder)
    async with Hints(root, recursive=True) as hints:
        for number in range(3_999):
            hints.look_at(f"{root}/{number}")
        assert not (await hints.taken()).trees
        hints.look_at(f"{root}/one more")
        assert (await hints.taken()).trees == {root}


async def test_hints_come_for_files_written_renamed_and_removed(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    path, other = inbox.drop("a.jpg"), inbox.folder / "b.jpg"
    async with Hints(str(inbox.folder), recursive=True) as hints:
        await hints.observe()
        path.write_bytes(jpeg(1))
        assert (await hints.taken()).paths == {str(path)}
        path.rename(other)
        assert (await hints.taken()).paths == {str(path), str(other)}
        other.unlink()
        assert (await hints.taken()).paths == {str(other)}
