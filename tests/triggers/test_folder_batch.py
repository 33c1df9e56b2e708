"""Several files, one event."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from hub.records.event import Event
from hub.records.sighting import SightingState
from hub.testing.folder_context import MemoryTriggerContext
from hub.testing.inbox import Inbox
from hub.triggers.base import Observation
from hub.triggers.folder import FolderTrigger
from hub.triggers.folder_batch import Batches
from tests.triggers.folder_watching import watching

pytestmark = pytest.mark.asyncio(loop_scope="module")


def batches(context: MemoryTriggerContext) -> list[list[str]]:
    """The files of each event."""
    return sorted(
        sorted(file["relative_path"] for file in event.variables["files"])
        for event in context.events.values()
    )


@pytest.fixture
def gathered(monkeypatch: pytest.MonkeyPatch) -> list[Observation]:
    """What has come to a batch, of which nobody tells before the batch is closed."""
    seen: list[Observation] = []
    accept = Batches.accept

    async def accept_seen(self: Batches, observation: Observation) -> Event:
        seen.append(observation)
        return await accept(self, observation)

    monkeypatch.setattr(Batches, "accept", accept_seen)
    return seen


async def hours_pass(
    context: MemoryTriggerContext, gathered: list[Observation], *, files: int, events: int
) -> None:
    """Until there are so many events, once so many files were gathered."""
    await context.pass_time_until(lambda: len(gathered) == files)
    await context.pass_time_until(lambda: len(context.events) == events, step=3600)


async def test_files_that_come_together_are_one_event(
    inbox: Inbox, context: MemoryTriggerContext, gathered: list[Observation]
) -> None:
    async with watching(context, batch={"quiet": "PT1H"}):
        paths = [inbox.drop(f"{seed}.jpg", seed) for seed in range(3)]
        await hours_pass(context, gathered, files=3, events=1)
    assert batches(context) == [["0.jpg", "1.jpg", "2.jpg"]]
    (event,) = context.events.values()
    assert event.variables["path"] in map(str, paths)
    rows = context.ledger.rows
    assert {rows[path].event for path in paths} == {event.id}
    assert {rows[path].state for path in paths} == {SightingState.ADMITTED}


async def test_a_full_batch_waits_for_nobody(inbox: Inbox, context: MemoryTriggerContext) -> None:
    async with watching(context, batch={"max": 2, "quiet": "PT1H"}):
        for seed in range(5):
            inbox.drop(f"{seed}.jpg", seed)
        await context.pass_time_until(lambda: len(context.events) == 2)
        assert [len(files) for files in batches(context)] == [2, 2]


async def test_groups_are_batches_of_their_own(
    inbox: Inbox, context: MemoryTriggerContext, gathered: list[Observation]
) -> None:
    async with watching(context, batch={"group_by": "relative_dir", "quiet": "PT1H"}):
        for number, name in enumerate(("a/1.jpg", "b/2.jpg", "a/3.jpg")):
            inbox.drop(name, number)
        await hours_pass(context, gathered, files=3, events=2)
    assert batches(context) == [["a/1.jpg", "a/3.jpg"], ["b/2.jpg"]]
    assert {event.variables["group"] for event in context.events.values()} == {"a", "b"}


async def test_a_regular_expression_can_tell_the_group(
    inbox: Inbox, context: MemoryTriggerContext, gathered: list[Observation]
) -> None:
    batch = {"group_by": "match.order", "quiet": "PT1H"}
    options: dict[str, Any] = {"regex": r"(?P<order>\d+)_", "batch": batch}
    async with watching(context, **options):
        for number, name in enumerate(("7_a.jpg", "8_a.jpg", "7_b.jpg")):
            inbox.drop(name, number)
        await hours_pass(context, gathered, files=3, events=2)
    assert batches(context) == [["7_a.jpg", "7_b.jpg"], ["8_a.jpg"]]


async def test_of_two_equal_files_only_the_first_is_in_a_batch(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    async with watching(context, batch={"quiet": "PT5S"}):
        paths = [inbox.drop(name, 1) for name in ("a.jpg", "b.jpg")]
        await context.pass_time_until(lambda: len(context.ledger.rows) == 2)
        states = {context.state_of(path) for path in paths}
    assert states == {SightingState.ADMITTED, SightingState.DUPLICATE}


async def test_what_waits_in_a_batch_when_the_hub_stops_is_gathered_anew(
    inbox: Inbox, context: MemoryTriggerContext, gathered: list[Observation]
) -> None:
    async with watching(context, existing="process", batch={"quiet": "PT1H"}):
        path = inbox.drop("a.jpg")
        await context.pass_time_until(lambda: gathered)
        assert context.ledger.rows == {}
    async with watching(context, existing="process", batch={"quiet": "PT1S"}):
        await context.pass_time_until(lambda: context.events)
    assert context.state_of(Path(path)) is SightingState.ADMITTED


@pytest.mark.parametrize(
    ("batch", "sentence"),
    [
        ({"max": 0}, "batch.max"),
        ({"group_by": "colour"}, "must be one of relative_dir"),
        ({"group_by": "match.order"}, "names no group of `regex`"),
        ({"quiet": "-PT1S"}, "must not be negative"),
    ],
)
async def test_refuses_settings_with_a_sentence(batch: dict[str, Any], sentence: str) -> None:
    written = {"trigger": "folder", "path": "inbox", "batch": batch}
    with pytest.raises(msgspec.ValidationError, match=sentence):
        msgspec.convert(written, FolderTrigger)
