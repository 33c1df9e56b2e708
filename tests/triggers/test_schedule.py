"""The schedule trigger: settings, rows made ahead, and what becomes of missed moments."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from hub.errors import Unavailable
from hub.records.occurrence import OccurrenceState
from hub.testing.clock import ScriptedClock
from hub.testing.triggers import MemoryOccurrences, RecordingContext
from hub.triggers.base import Observation
from hub.triggers.schedule import ScheduleTrigger
from hub.triggers.schedule_settings import Missed

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOURLY = ScheduleTrigger(every=HOUR)
DUE, FIRED = OccurrenceState.DUE, OccurrenceState.FIRED
COALESCED, TOO_OLD = OccurrenceState.COALESCED, OccurrenceState.TOO_OLD
SKIPPED = OccurrenceState.SKIPPED
TOO_MANY = OccurrenceState.TOO_MANY
CANCELLED = OccurrenceState.CANCELLED


def at(hour: float) -> datetime:
    """So many hours after midnight of the day of NOON."""
    return NOON + (hour - 12) * HOUR


class LeapingClock(ScriptedClock):
    """A wall clock that somebody sets, or that went on while the computer slept."""

    def leap(self, difference: timedelta) -> None:
        self._start += difference


@asynccontextmanager
async def watching(
    trigger: ScheduleTrigger, clock: ScriptedClock, rows: MemoryOccurrences
) -> AsyncIterator[RecordingContext]:
    """The trigger at work, inside the block, which begins once it waits."""
    context = RecordingContext(clock=clock, occurrences=rows)
    before = clock.sleepers
    task = asyncio.create_task(trigger.watch(context))
    while clock.sleepers == before and not task.done():  # noqa: ASYNC110 - clocks have no event
        await asyncio.sleep(0)
    try:
        yield context
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def after_absence(
    trigger: ScheduleTrigger, *, hours: float
) -> tuple[list[Observation], dict[datetime, OccurrenceState]]:
    """What happens when the trigger ran at noon and again so many hours later."""
    rows = MemoryOccurrences()
    async with watching(trigger, ScriptedClock(NOON), rows):
        pass
    async with watching(trigger, ScriptedClock(NOON + hours * HOUR), rows) as context:
        return context.observations, rows.states


def scheduled(observations: list[Observation]) -> list[datetime]:
    return [datetime.fromisoformat(seen.variables["scheduled_at"]) for seen in observations]


async def test_the_next_moment_is_a_row_before_it_comes() -> None:
    rows = MemoryOccurrences()
    async with watching(HOURLY, ScriptedClock(NOON), rows):
        assert rows.states == {at(13): DUE}


async def test_the_next_ten_moments_are_told() -> None:
    clock = ScriptedClock(NOON)
    async with watching(HOURLY, clock, MemoryOccurrences()) as context:
        assert context.next_times == tuple(at(13 + hour) for hour in range(10))
        await clock.advance(3600)
        assert context.next_times == tuple(at(14 + hour) for hour in range(10))


async def test_runs_at_its_moments_and_not_before() -> None:
    clock, rows = ScriptedClock(NOON), MemoryOccurrences()
    async with watching(HOURLY, clock, rows) as context:
        await clock.advance(3599)
        assert context.observations == []
        await clock.advance(1)
        assert scheduled(context.observations) == [at(13)]
        assert rows.states == {at(13): FIRED, at(14): DUE}


async def test_an_observation_says_when_and_that_nothing_was_missed() -> None:
    clock = ScriptedClock(NOON)
    trigger = ScheduleTrigger(cron="30 13 * * *", timezone="Europe/Berlin")
    async with watching(trigger, clock, MemoryOccurrences()) as context:
        await clock.advance(3600)
    (seen,) = context.observations
    assert seen.key == "2026-01-15T12:30:00+00:00"
    assert seen.variables == {
        "now": "2026-01-15T13:30:00+01:00",
        "scheduled_at": "2026-01-15T13:30:00+01:00",
        "missed": False,
        "missed_count": 0,
    }


async def test_the_newest_missed_moment_stands_for_all() -> None:
    observations, states = await after_absence(HOURLY, hours=3.5)
    (seen,) = observations
    assert (seen.variables["missed"], seen.variables["missed_count"]) == (True, 3)
    assert scheduled(observations) == [at(15)]
    assert states == {at(13): COALESCED, at(14): COALESCED, at(15): FIRED, at(16): DUE}


async def test_run_all_makes_up_for_each_missed_moment_in_order() -> None:
    trigger = ScheduleTrigger(every=HOUR, missed=Missed.RUN_ALL)
    observations, states = await after_absence(trigger, hours=3.5)
    assert scheduled(observations) == [at(13), at(14), at(15)]
    assert [seen.variables["missed_count"] for seen in observations] == [1, 1, 1]
    assert set(states.values()) == {FIRED, DUE}


async def test_run_all_makes_up_for_the_newest_only_if_so_many_are_allowed() -> None:
    trigger = ScheduleTrigger(every=HOUR, missed=Missed.RUN_ALL, max=2)
    observations, states = await after_absence(trigger, hours=4.5)
    assert scheduled(observations) == [at(15), at(16)]
    assert (states[at(13)], states[at(14)]) == (TOO_MANY, TOO_MANY)


async def test_a_single_moment_missed_while_the_hub_was_down_is_made_up_for() -> None:
    trigger = ScheduleTrigger(at=["2026-01-15 13:00"])
    observations, states = await after_absence(trigger, hours=3.5)
    assert scheduled(observations) == [at(13)]
    assert states == {at(13): FIRED}


async def test_after_its_last_moment_a_schedule_says_so_and_goes_on_waiting() -> None:
    clock, rows = ScriptedClock(NOON), MemoryOccurrences()
    trigger = ScheduleTrigger(every=HOUR, end=datetime(2026, 1, 15, 14))  # noqa: DTZ001 - local
    async with watching(trigger, clock, rows) as context:
        assert context.next_times == (at(13), at(14))
        await clock.advance(10 * 3600)
        assert scheduled(context.observations) == [at(13), at(14)]
        assert context.reports[-1] == ("ended", "Its last moment has passed.")


async def test_jitter_delays_a_moment_but_is_the_same_after_a_restart() -> None:
    trigger = ScheduleTrigger(cron="0 13 * * *", jitter=HOUR)
    seen = [await ran_at(trigger, restart_after=minutes) for minutes in (0, 61)]
    assert seen[0] == seen[1]
    assert at(13) < seen[0] < at(14)


async def ran_at(trigger: ScheduleTrigger, *, restart_after: float) -> datetime:
    """When the moment of 13:00 ran, with a restart so many minutes after noon."""
    clock, rows = ScriptedClock(NOON), MemoryOccurrences()
    async with watching(trigger, clock, rows):
        await clock.advance(restart_after * 60)
    async with watching(trigger, clock, rows) as context:
        await clock.advance(7200)
    (seen,) = context.observations
    assert seen.variables["missed"] is False
    return datetime.fromisoformat(seen.variables["now"])


async def test_skip_makes_up_for_none() -> None:
    trigger = ScheduleTrigger(every=HOUR, missed=Missed.SKIP)
    observations, states = await after_absence(trigger, hours=2.5)
    assert observations == []
    assert states == {at(13): SKIPPED, at(14): SKIPPED, at(15): DUE}


async def test_what_is_older_than_max_age_is_marked_so() -> None:
    trigger = ScheduleTrigger(every=HOUR, max_age=1.5 * HOUR)
    observations, states = await after_absence(trigger, hours=3.5)
    assert scheduled(observations) == [at(15)]
    assert states == {at(13): TOO_OLD, at(14): COALESCED, at(15): FIRED, at(16): DUE}


@pytest.mark.parametrize(
    ("options", "given_up"),
    [
        ({"max_age": 1.5 * HOUR}, [at(13)]),
        ({"missed": Missed.RUN_ALL, "max": 1}, [at(13), at(14)]),
        ({"missed": Missed.SKIP}, []),
        ({}, []),
    ],
)
async def test_moments_that_are_given_up_are_told_unless_that_is_wanted(
    options: dict[str, Any], given_up: list[datetime]
) -> None:
    rows, trigger = MemoryOccurrences(), ScheduleTrigger(every=HOUR, **options)
    async with watching(trigger, ScriptedClock(NOON), rows):
        pass
    async with watching(trigger, ScriptedClock(NOON + 3.5 * HOUR), rows) as context:
        assert context.given_up == given_up


async def test_a_moment_passed_by_seconds_is_on_time_even_with_skip() -> None:
    trigger = ScheduleTrigger(every=HOUR, missed=Missed.SKIP)
    observations, _ = await after_absence(trigger, hours=1 + 30 / 3600)
    assert [seen.variables["missed"] for seen in observations] == [False]


async def test_skip_makes_up_for_none_of_the_moments_within_a_minute() -> None:
    trigger = ScheduleTrigger(every=timedelta(seconds=10), missed=Missed.SKIP)
    observations, states = await after_absence(trigger, hours=35 / 3600)
    (seen,) = observations
    assert (seen.variables["missed"], seen.variables["missed_count"]) == (False, 0)
    assert list(states.values()) == [SKIPPED, SKIPPED, FIRED, DUE]


async def test_a_long_absence_of_a_fast_schedule_leaves_the_newest_five_hundred() -> None:
    observations, states = await after_absence(
        ScheduleTrigger(every=timedelta(seconds=10)), hours=24 * 365
    )
    assert scheduled(observations) == [NOON + timedelta(days=365)]
    assert len(states) == 502  # the row made ahead, the newest missed, the next


async def test_a_computers_sleep_is_noticed_within_a_minute() -> None:
    clock, rows = LeapingClock(NOON), MemoryOccurrences()
    trigger = ScheduleTrigger(cron="0 18 * * *")
    async with watching(trigger, clock, rows) as context:
        clock.leap(8 * HOUR)
        await clock.advance(60)
        assert [seen.variables["missed"] for seen in context.observations] == [True]


async def test_a_wall_clock_put_back_does_not_run_a_moment_again() -> None:
    clock, rows = LeapingClock(NOON), MemoryOccurrences()
    async with watching(HOURLY, clock, rows) as context:
        await clock.advance(3600)
        clock.leap(-HOUR)
        await clock.advance(3600)
        assert scheduled(context.observations) == [at(13)]
        await clock.advance(3600)
        assert scheduled(context.observations) == [at(13), at(14)]


async def test_a_new_trigger_has_missed_nothing() -> None:
    async with watching(HOURLY, ScriptedClock(NOON), MemoryOccurrences()) as context:
        assert context.observations == []


async def test_rows_of_earlier_settings_are_cancelled() -> None:
    rows = MemoryOccurrences()
    async with watching(HOURLY, ScriptedClock(NOON), rows):
        pass
    nightly = ScheduleTrigger(cron="30 3 * * *")
    async with watching(nightly, ScriptedClock(at(14)), rows) as context:
        assert rows.states == {at(13): CANCELLED, at(27.5): DUE}
        assert context.observations == []


async def test_an_edit_taken_back_makes_the_cancelled_row_due_again() -> None:
    rows = MemoryOccurrences()
    for trigger in (HOURLY, ScheduleTrigger(cron="30 3 * * *"), HOURLY):
        async with watching(trigger, ScriptedClock(NOON), rows):
            pass
    assert rows.states == {at(13): DUE, at(27.5): CANCELLED}


async def test_an_event_that_could_not_be_kept_leaves_its_row_due() -> None:
    rows = MemoryOccurrences()
    await rows.add([at(13)])
    context = RecordingContext(clock=ScriptedClock(at(13)), occurrences=rows)
    context.failure = Unavailable("The disk is full.")
    with pytest.raises(Unavailable):
        await HOURLY.watch(context)
    assert rows.states[at(13)] is DUE


def test_an_interval_is_anchored_at_midnight_utc_or_at_its_start() -> None:
    step = timedelta(hours=8)
    assert ScheduleTrigger(every=step).next_times(NOON, 2) == [at(16), at(24)]
    anchored = ScheduleTrigger(every=step, start=datetime.fromisoformat("2026-01-14T03:00+00:00"))
    assert anchored.next_times(NOON, 2) == [at(19), at(27)]


def test_nothing_happens_before_the_start_which_may_be_local_time() -> None:
    start = datetime.fromisoformat("2026-01-16T09:00")
    trigger = ScheduleTrigger(cron="0 9 * * *", timezone="Europe/Berlin", start=start)
    assert trigger.next_times(NOON, 1) == [at(24 + 8)]


def test_takes_the_hubs_time_zone_where_it_names_none() -> None:
    trigger = ScheduleTrigger(cron="0 9 * * *")
    assert trigger.in_zone("Europe/Berlin").next_times(NOON, 1) == [at(24 + 8)]
    own = ScheduleTrigger(cron="0 9 * * *", timezone="UTC")
    assert own.in_zone("Europe/Berlin") == own


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "either `cron` or `every` or `at`"),
        ({"cron": "@daily", "every": HOUR}, "either `cron` or `every` or `at`"),
        ({"every": HOUR / 10**4}, "at least one second"),
        ({"every": HOUR, "max_age": -HOUR}, "`max_age`"),
        ({"every": HOUR, "jitter": -HOUR}, "`jitter`"),
        ({"every": HOUR, "max": 3}, "goes with `missed: run_all`"),
        ({"at": ["noon"]}, "neither a time of day"),
        ({"at": ["2026-12-24"]}, "neither a time of day"),
        (
            {"every": HOUR, "start": "2026-01-02T00:00:00", "end": "2026-01-01T00:00:00"},
            "no moment",
        ),
        ({"every": HOUR * 10**6}, "at most ten years"),
        ({"every": HOUR, "start": "2200-01-01T00:00:00"}, "between 1970 and 2200"),
        ({"cron": "0 0 1 6 *", "start": "2199-07-01T00:00:00"}, "behind the last moment"),
        ({"cron": "nonsense"}, "has 1 fields"),
        ({"cron": "@daily", "timezone": "Mars/Olympus"}, "no time zone 'Mars/Olympus'"),
        ({"cron": "@daily", "when": "12:00"}, "unknown field `when`"),
    ],
)
def test_refuses_settings_with_a_sentence(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=sentence):
        msgspec.convert({"trigger": "schedule", **options}, ScheduleTrigger)
