"""When a file counts as quiet."""

import os
from datetime import timedelta

import pytest

from hub.records.sighting import SightingState
from hub.testing.clock import ScriptedClock
from hub.testing.folder_context import MemoryTriggerContext
from hub.testing.inbox import Inbox, jpeg
from hub.triggers.folder_scan import Fingerprint
from hub.triggers.folder_settling import Settling
from tests.triggers.folder_watching import watching

pytestmark = pytest.mark.asyncio(loop_scope="module")

ALL_WAIT = 2  # sleepers: the regular look, and the wait for the first file to settle


async def test_takes_a_file_after_two_quiet_seconds_and_not_before(
    inbox: Inbox, context: MemoryTriggerContext, clock: ScriptedClock
) -> None:
    async with watching(context):
        inbox.drop("a.jpg")
        await context.until(lambda: clock.sleepers == ALL_WAIT)
        await clock.advance(1.9)
        assert clock.sleepers == ALL_WAIT
        assert not context.events
        await clock.advance(0.1)
        await context.until(lambda: context.events)
    assert context.seen() == [("added", "a.jpg")]


async def test_waits_while_a_file_is_still_growing(
    inbox: Inbox, context: MemoryTriggerContext, clock: ScriptedClock
) -> None:
    content = jpeg(size=(200, 200))
    async with watching(context):
        with (inbox.folder / "a.jpg").open("wb", buffering=0) as file:
            await context.until(lambda: clock.sleepers == ALL_WAIT)
            for piece in range(0, len(content), 300):
                file.write(content[piece : piece + 300])
                await clock.advance(2)
                await context.until(lambda: clock.sleepers == ALL_WAIT)
                assert not context.sightings
        await context.pass_time_until(lambda: context.events)
    assert [sighting.state for sighting in context.sightings] == [SightingState.ADMITTED]


async def test_a_file_that_never_stops_changing_is_shown_in_quarantine_and_taken_later(
    inbox: Inbox, context: MemoryTriggerContext, clock: ScriptedClock
) -> None:
    path = inbox.drop("a.jpg")
    async with watching(context, existing="process", polling=True, interval=timedelta(days=1)):
        for second in range(0, 605, 2):
            await context.until(lambda: clock.sleepers == ALL_WAIT)
            os.utime(path, (second, second))
            await clock.advance(2)
        await context.until(lambda: context.sightings)
        assert context.sightings[0].reason == "It is still changing after 10 minutes."
        assert context.state_of(path) is SightingState.QUARANTINED
        await context.pass_time_until(lambda: context.events)
    assert context.seen() == [("added", "a.jpg")]


def fingerprint(size: int) -> Fingerprint:
    return Fingerprint(size=size, mtime_ns=0, inode=1, changed_ns=0)


async def test_a_change_begins_the_wait_anew_and_a_repeated_look_does_not() -> None:
    settling = Settling(2)
    settling.note("a", fingerprint(1), now=0)
    settling.note("a", fingerprint(1), now=1)
    assert await settling.due() == 2
    settling.note("a", fingerprint(2), now=1.5)
    assert await settling.due() == 3.5
    assert not settling.take(now=3)
    assert list(settling.take(now=3.5)) == ["a"]


async def test_a_file_noted_while_in_hand_is_looked_at_once_more() -> None:
    settling = Settling(2)
    settling.note("a", fingerprint(1), now=0)
    settling.take(now=2)
    settling.note("a", fingerprint(2), now=2.5)
    assert settling.release("a", now=3)
    settling.note("b", None, now=3)
    settling.take(now=5)
    assert not settling.release("b", now=5)


async def test_a_name_has_been_without_a_file_until_that_is_judged() -> None:
    settling = Settling(2)
    settling.note("a", fingerprint(1), now=0)
    settling.take(now=2)
    settling.note("a", None, now=2.5)
    settling.note("a", fingerprint(2), now=2.6)
    assert settling.release("a", now=3)
    settling.note("a", fingerprint(2), now=3)
    assert settling.take(now=5)["a"].was_gone
    settling.put_back("a", fingerprint(2), now=5)
    assert settling.take(now=7)["a"].was_gone
    assert not settling.release("a", now=7)
    settling.note("a", fingerprint(3), now=8)
    assert not settling.take(now=10)["a"].was_gone


async def test_a_file_put_back_keeps_the_moment_it_was_first_seen() -> None:
    settling = Settling(2)
    settling.note("a", fingerprint(1), now=0)
    settling.take(now=2)
    settling.put_back("a", fingerprint(2), now=2)
    assert settling.take(now=4)["a"].first == 0
