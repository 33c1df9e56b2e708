"""Events and the rows that belong to them are one transaction; the same key is the same event."""

import asyncio
import dataclasses
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hub.records.event import Event
from hub.records.firing import Firing, FiringState
from hub.records.occurrence import MissedMoments, OccurrenceState
from hub.records.sighting import Sighting, SightingState
from hub.records.wait import wait_name
from hub.storage.database import Database
from hub.storage.events import Events
from hub.storage.firings import Firings
from hub.storage.ledger import Ledger, TriggerLedger
from hub.storage.occurrences import Occurrences, TriggerOccurrences
from hub.storage.placements import MOVED_SOURCE, Wanted, mark_done, reserve
from hub.testing.clock import ScriptedClock

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
ODD_NAME = Path("/inbox/caf\udce9\n.jpg")


def event(**changes: object) -> Event:
    made = Event(
        id="e1",
        automation="photos",
        trigger="inbox",
        platform="folder",
        key="k",
        observed_at=NOON,
        variables={"path": str(ODD_NAME)},
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def sighting(path: Path = ODD_NAME) -> Sighting:
    return Sighting(
        path=path,
        size=10,
        mtime_ns=1,
        inode=2,
        state=SightingState.ADMITTED,
        reason="Taken.",
        seen_at=NOON,
        sha256="ab" * 32,
    )


async def test_a_name_that_is_not_utf8_comes_back_as_it_was(database: Database) -> None:
    events = Events(database)
    await events.accept(event(), sightings=(sighting(),))
    assert (await events.get("e1")).variables == {"path": str(ODD_NAME)}
    [opinion] = await Ledger(database).about(ODD_NAME)
    assert opinion.sighting.path == ODD_NAME


async def test_the_same_key_gives_the_event_that_is_there(database: Database) -> None:
    events = Events(database)
    await events.accept(event())
    accepted, new = await events.accept(event(id="e2"), sightings=(sighting(),))
    assert (accepted.id, new) == ("e1", False)
    [opinion] = await Ledger(database).about(ODD_NAME)
    assert opinion.sighting.event == "e1"


async def test_an_event_is_offered_until_it_has_a_firing(database: Database) -> None:
    events, firings = Events(database), Firings(database)
    await events.accept(event())
    assert [item.id for item in await events.without_firing()] == ["e1"]
    firing = Firing(
        id="f1", event="e1", automation="photos", state=FiringState.RUNNING, created_at=NOON
    )
    assert await firings.begin(firing, [], [])
    assert not await firings.begin(dataclasses.replace(firing, id="f2"), [], [])
    assert await events.without_firing() == []


async def test_an_occurrence_is_fired_with_its_event(database: Database) -> None:
    occurrences = TriggerOccurrences(database, "photos", "inbox")
    await occurrences.add([NOON])
    [due] = await occurrences.due()
    await Events(database).accept(event(), settles=(due,))
    assert await occurrences.due() == []
    await occurrences.add([NOON])
    assert await occurrences.due() == []
    assert await occurrences.last() == NOON


async def test_a_moment_settled_without_an_event_is_due_no_more(database: Database) -> None:
    occurrences = TriggerOccurrences(database, "photos", "inbox")
    await occurrences.add([NOON])
    await occurrences.settle([NOON], OccurrenceState.TOO_OLD)
    assert await occurrences.due() == []


async def test_missed_moments_are_counted_for_each_automation(database: Database) -> None:
    moments = [NOON - timedelta(hours=hours) for hours in (3, 2, 1, 0)]
    before, *rest, on_time = moments
    occurrences = TriggerOccurrences(database, "photos", "nightly")
    await occurrences.add(moments)
    await occurrences.settle([before, *rest], OccurrenceState.TOO_OLD)
    await occurrences.settle([on_time], OccurrenceState.FIRED)
    [missed] = await Occurrences(database).missed(rest[0])
    assert missed == MissedMoments(automation="photos", count=2, latest=rest[-1])


async def test_of_what_is_still_due_the_first_moment_is_told(database: Database) -> None:
    earlier, later = NOON - timedelta(hours=2), NOON - timedelta(hours=1)
    for trigger in ("nightly", "hourly"):
        await TriggerOccurrences(database, "photos", trigger).add([earlier, later, NOON])
    await TriggerOccurrences(database, "photos", "nightly").settle([earlier], OccurrenceState.FIRED)
    name = wait_name("0" * 36, "actions/0", 0)
    await TriggerOccurrences(database, "other", name).add([earlier])
    assert await Occurrences(database).due_before(NOON) == {"photos": earlier}
    assert await Occurrences(database).due_before(earlier) == {}


async def test_a_closed_path_may_come_again(database: Database) -> None:
    ledger = TriggerLedger(database, ScriptedClock(), "photos", "inbox")
    await ledger.record([sighting()])
    await ledger.close([ODD_NAME])
    assert await ledger.open_sightings() == {}
    await ledger.record([sighting()])
    assert list(await ledger.open_sightings()) == [ODD_NAME]


async def test_content_is_known_by_its_automation_alone(database: Database) -> None:
    await Events(database).accept(event(), sightings=(sighting(),))
    clock = ScriptedClock()
    mine = TriggerLedger(database, clock, "photos", "another folder")
    theirs = TriggerLedger(database, clock, "others", "inbox")
    assert (await mine.past_of(ODD_NAME, "ab" * 32)).event == "e1"
    assert (await mine.past_of(ODD_NAME, "cd" * 32)).event is None
    assert (await theirs.past_of(ODD_NAME, "ab" * 32)).event is None


async def test_a_file_that_a_firing_moved_away_is_known_by_its_event(
    database: Database, tmp_path: Path
) -> None:
    await Events(database).accept(event())
    firing = Firing(
        id="f1", event="e1", automation="photos", state=FiringState.RUNNING, created_at=NOON
    )
    await Firings(database).begin(firing, [], [])
    ledger = TriggerLedger(database, ScriptedClock(), "photos", "inbox")
    wanted = Wanted(
        owner="f1",
        slot=MOVED_SOURCE,
        source=tmp_path,
        folder=tmp_path,
        stem="a",
        suffix=".jpg",
        sha256="ab" * 32,
        size=1,
    )
    placement = await database.write(lambda c: reserve(c, wanted, wanted.name(0)))
    assert placement
    assert not await ledger.moved_source_of("e1")
    await database.write(lambda c: mark_done(c, [placement]))
    assert await ledger.moved_source_of("e1")


async def test_a_trigger_has_no_state_at_its_first_start(database: Database) -> None:
    ledger = TriggerLedger(database, ScriptedClock(), "photos", "inbox")
    assert await ledger.state() == {}
    await ledger.remember({"mount": "a"})
    await ledger.remember({"mount": "b"})
    assert await ledger.state() == {"mount": "b"}


async def test_a_moment_that_a_schedule_writes_as_it_ends_is_cancelled_too(
    database: Database,
) -> None:
    schedule, gate = TriggerOccurrences(database, "photos", "old"), threading.Event()
    held_up = asyncio.create_task(database.write(lambda _: gate.wait()))
    writing = asyncio.create_task(schedule.add([NOON]))
    await asyncio.sleep(0)
    writing.cancel()
    cancelling = asyncio.create_task(Occurrences(database).cancel_strangers([], automations=[]))
    await asyncio.sleep(0)
    assert await schedule.due() == []  # the row is still on its way to the disk
    gate.set()
    await asyncio.gather(held_up, cancelling)
    assert await schedule.due() == []
    assert await schedule.last() == NOON
