"""What becomes of a file that has settled."""

import asyncio
import hashlib
import os
from pathlib import Path

import pytest

from hub.records.media import Inspection
from hub.records.sighting import SightingState
from hub.storage.input_store import InputStore
from hub.testing.clock import ScriptedClock
from hub.testing.folder_context import MemoryTriggerContext
from hub.testing.inbox import Inbox, huge_png, jpeg, png, truncated
from hub.triggers.base import Probe
from hub.triggers.folder_watch import SAFETY_NET
from tests.triggers.folder_watching import watching

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_event_carries_what_templates_need_and_names_the_stored_copy(
    inbox: Inbox, context: MemoryTriggerContext, tmp_path: Path
) -> None:
    async with watching(context, regex=r"(?P<day>\d+)_"):
        path = inbox.drop("sub/15_a.jpg")
        await context.pass_time_until(lambda: context.events)
    [event] = context.events.values()
    sha256 = hashlib.sha256(jpeg()).hexdigest()
    known = event.variables
    assert (known["path"], known["folder"]) == (str(path), str(inbox.folder))
    assert (known["relative_path"], known["relative_dir"]) == ("sub/15_a.jpg", "sub")
    assert (known["stem"], known["suffix"], known["sha256"]) == ("15_a", ".jpg", sha256)
    assert (known["media"]["kind"], known["media"]["width"]) == ("image", 32)
    assert known["match"] == {"day": "15"}
    assert InputStore(tmp_path / "store").path_of(known["input"]).read_bytes() == jpeg()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (truncated(jpeg(size=(300, 300))), "JPEG ends early."),
        (b"Dear diary,\n" * 20, "It is not a picture, video or sound that can be opened."),
        (b"", "It is empty."),
        (
            huge_png(20_000, 20_000),
            "400 million pixels is more than the 89 million that are opened.",
        ),
    ],
)
async def test_what_is_no_whole_picture_is_quarantined_until_it_changes(
    inbox: Inbox, context: MemoryTriggerContext, content: bytes, reason: str
) -> None:
    async with watching(context):
        path = inbox.put("a.png", content)
        await context.pass_time_until(lambda: path in context.ledger.rows)
        row = context.ledger.rows[path]
        assert (row.state, row.reason) == (SightingState.QUARANTINED, reason)
        path.write_bytes(png())
        await context.pass_time_until(lambda: context.events)
    assert context.seen() == [("added", "a.png")]


async def test_a_file_deleted_before_it_settled_leaves_no_trace(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    async with watching(context):
        inbox.drop("gone.jpg", 1).unlink()
        inbox.drop("stays.jpg", 2)
        await context.pass_time_until(lambda: context.events)
    assert list(context.ledger.rows) == [inbox.folder / "stays.jpg"]


class InterferingProbe:
    """Has the file deleted, or rewritten, just when it was to be opened."""

    def __init__(self, content: bytes | None, then: Inspection) -> None:
        self._content = content
        self._then = then
        self.asked = 0

    async def inspect(self, path: Path) -> Inspection:
        self.asked += 1
        await asyncio.to_thread(self._interfere, path)
        return self._then

    def _interfere(self, path: Path) -> None:
        if self._content is None:
            path.unlink(missing_ok=True)
        elif self.asked == 1:
            path.write_bytes(self._content)


async def test_a_file_deleted_while_it_is_opened_is_not_judged(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    gone = Inspection(sha256=None, size=0, problem="was gone before it could be read")
    context.probe = probe = InterferingProbe(None, gone)
    async with watching(context):
        inbox.drop("a.jpg")
        await context.pass_time_until(lambda: probe.asked)
        inbox.drop("b.jpg")
        await context.pass_time_until(lambda: probe.asked == 2)
    assert not context.sightings


async def test_a_file_rewritten_while_it_is_opened_is_opened_again(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    stale = Inspection(sha256="0" * 64, size=3, problem="is a stale answer")
    context.probe = probe = InterferingProbe(jpeg(5), stale)
    async with watching(context):
        inbox.drop("a.jpg")
        await context.pass_time_until(lambda: probe.asked == 2)
        await context.pass_time_until(lambda: context.sightings)
    assert len(context.sightings) == 1


async def test_equal_content_makes_one_event_even_when_it_arrives_together(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    async with watching(context):
        for name in ("a.jpg", "b.jpg", "c.jpg", "d.jpg"):
            inbox.drop(name)
        await context.pass_time_until(lambda: len(context.ledger.rows) == 4)
    [event] = context.events.values()
    duplicates = [r for r in context.sightings if r.state is SightingState.DUPLICATE]
    assert len(duplicates) == 3
    assert {row.event for row in duplicates} == {event.id}
    assert duplicates[0].reason == f"Its content led to event {event.id} before."


async def test_equal_content_makes_more_events_if_that_is_wanted(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    async with watching(context, on_duplicate="run"):
        inbox.drop("a.jpg")
        inbox.drop("b.jpg")
        await context.pass_time_until(lambda: len(context.events) == 2)


async def test_a_file_put_again_under_its_old_name_makes_an_event_if_that_is_wanted(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    """Even with its old time stamp, as `cp -p` keeps it."""
    async with watching(context, on_duplicate="run"):
        for _ in range(2):
            path = inbox.drop("a.jpg")
            os.utime(path, (1, 1))
            await context.pass_time_until(lambda: context.ledger.rows)
            path.unlink()
            await context.pass_time_until(lambda: not context.ledger.rows)
    assert len(context.events) == 2


async def test_what_the_hub_put_there_itself_is_its_own(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    path = inbox.folder / "result.jpg"
    context.ledger.own.add((path, hashlib.sha256(jpeg()).hexdigest()))
    async with watching(context):
        inbox.drop("result.jpg")
        await context.pass_time_until(lambda: context.sightings)
    assert context.state_of(path) is SightingState.OWN
    assert not context.events


async def test_a_touch_without_new_content_is_nothing(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    async with watching(context, safety_net=SAFETY_NET, events=("added", "changed")):
        path = inbox.drop("a.jpg")
        await context.pass_time_until(lambda: context.events)
        os.utime(path, (1, 1))
        await context.pass_time_until(lambda: context.ledger.rows[path].mtime_ns == 10**9)
    assert context.state_of(path) is SightingState.ADMITTED
    assert len(context.events) == 1


async def test_new_content_under_an_old_name_is_changed(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    async with watching(context, events=("added", "changed")):
        inbox.drop("a.jpg", 1)
        await context.pass_time_until(lambda: context.events)
        inbox.drop("a.jpg", 2)
        await context.pass_time_until(lambda: len(context.events) == 2)
    assert context.seen() == [("added", "a.jpg"), ("changed", "a.jpg")]


async def test_a_known_file_that_is_broken_for_a_while_has_changed_in_the_end(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    async with watching(context, events=("added", "changed")):
        path = inbox.drop("a.jpg", 1)
        await context.pass_time_until(lambda: context.events)
        inbox.put("a.jpg", truncated(jpeg(2, (300, 300))))
        await context.pass_time_until(lambda: context.state_of(path) is SightingState.QUARANTINED)
        inbox.drop("a.jpg", 2)
        await context.pass_time_until(lambda: len(context.events) == 2)
    assert context.seen()[-1] == ("changed", "a.jpg")


async def test_new_content_is_only_noted_where_changes_are_not_wanted(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    async with watching(context):
        path = inbox.drop("a.jpg", 1)
        await context.pass_time_until(lambda: context.events)
        inbox.drop("a.jpg", 2)
        await context.pass_time_until(lambda: context.state_of(path) is SightingState.LEFT_ALONE)
    assert "not among the events" in context.ledger.rows[path].reason
    assert len(context.events) == 1


async def test_media_of_another_kind_under_a_wanted_name_is_left_alone(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    async with watching(context, media="video", patterns=["*.data"]):
        path = inbox.drop("a.data")
        await context.pass_time_until(lambda: context.sightings)
    assert context.ledger.rows[path].reason == "It is media of the kind image, not video."


async def test_the_same_arrival_has_the_same_key_after_a_crash(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    async with watching(context):
        inbox.drop("a.jpg")
        await context.pass_time_until(lambda: context.events)
    context.ledger.rows.clear()
    async with watching(context):
        await context.pass_time_until(lambda: context.ledger.rows)
    assert len(context.events) == 1


class ForbiddenProbe:
    """May not read the file until its permissions are changed."""

    def __init__(self, probe: Probe) -> None:
        self._probe = probe
        self.allowed = False
        self.asked = 0

    async def inspect(self, path: Path) -> Inspection:
        self.asked += 1
        if self.allowed:
            return await self._probe.inspect(path)
        problem = "cannot be read: permission denied"
        return Inspection(sha256=None, size=0, problem=problem)


async def test_a_file_that_may_not_be_read_is_taken_once_its_permissions_change(
    inbox: Inbox, context: MemoryTriggerContext, clock: ScriptedClock
) -> None:
    context.probe = probe = ForbiddenProbe(context.probe)
    async with watching(context, safety_net=SAFETY_NET):
        path = inbox.drop("a.jpg")
        await context.pass_time_until(lambda: context.sightings)
        assert context.ledger.rows[path].reason == "It cannot be read: permission denied."
        later = clock.monotonic() + 200
        await context.pass_time_until(lambda: clock.monotonic() > later)
        assert probe.asked == 1
        probe.allowed = True
        path.chmod(0o600)
        await context.pass_time_until(lambda: context.events)
