"""The schedule trigger: moments by cron expression or interval, none of them lost unnoticed.

The next moment always stands as a row (an occurrence) before it comes. After a restart or a
computer's sleep, rows that are overdue, and those of the moments in between, are settled one by
one: run, coalesced into a later run, or too old.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from hub.config.folders import Folders
from hub.records.occurrence import Occurrence, OccurrenceState
from hub.triggers.base import Observation, TriggerContext
from hub.triggers.cron import Cron
from hub.triggers.schedule_times import (
    Interval,
    NotBefore,
    Times,
    following,
    includes,
    missed_between,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHORTEST, _LONGEST = timedelta(seconds=1), timedelta(days=3653)
# The longest sleep: a changed wall clock or a computer's sleep is noticed within it, and what is
# noticed within it is on time.
_LOOK = timedelta(minutes=1)
_SHOWN = 3  # so many of the next moments are told


class Missed(StrEnum):
    """What becomes of moments that passed while the hub did not run or the computer slept."""

    RUN_ONCE = "run_once"
    RUN_ALL = "run_all"
    SKIP = "skip"


class ScheduleTrigger(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="trigger",
    tag="schedule",
    forbid_unknown_fields=True,
):
    """Fires at moments known beforehand. Exactly one of `cron` and `every` says which."""

    __old_keys__: ClassVar[dict[str, str]] = {"platform": "trigger"}

    kind: ClassVar[str] = "schedule"

    id: Annotated[str | None, Meta(description="Name of this trigger in the automation.")] = None
    alias: Annotated[str | None, Meta(description="What people call this trigger.")] = None
    enabled: Annotated[bool, Meta(description="Whether it watches at all.")] = True
    variables: Annotated[
        dict[str, Any], Meta(description="Variables for conditions and actions; templates.")
    ] = {}
    cron: Annotated[
        str | None,
        Meta(
            description="Five fields (minute, hour, day, month, weekday), six with the second in"
            " front, or a shorthand such as @daily."
        ),
    ] = None
    every: Annotated[
        timedelta | None,
        Meta(description="An interval, counted from `start`, or else from midnight UTC."),
    ] = None
    start: Annotated[
        datetime | None,
        Meta(description="Nothing happens before it; without an offset it is local time."),
    ] = None
    timezone: Annotated[
        str | None,
        Meta(
            description="Time zone of the cron expression, such as Europe/Berlin; the hub's when"
            " left out."
        ),
    ] = None
    missed: Annotated[
        Missed,
        Meta(
            description="What becomes of missed moments: run_once (the newest stands for all),"
            " run_all, or skip."
        ),
    ] = Missed.RUN_ONCE
    max_age: Annotated[
        timedelta, Meta(description="A moment missed by more than this is not made up for.")
    ] = timedelta(hours=12)

    def __post_init__(self) -> None:
        if (self.cron is None) == (self.every is None):
            raise ValueError("A schedule takes either `cron` or `every`: write one of them.")
        if self.every is not None and not _SHORTEST <= self.every <= _LONGEST:
            raise ValueError("`every` must be at least one second, and at most ten years.")
        if self.start is not None and not 1970 <= self.start.year < 2200:
            raise ValueError("`start` must lie between 1970 and 2200.")
        if self.max_age <= timedelta():
            raise ValueError("`max_age` must be more than nothing; to skip, write `missed: skip`.")
        if self._times().after(_EPOCH) is None:
            raise ValueError("`start` lies behind the last moment of this schedule.")

    def in_zone(self, name: str) -> Self:
        """The same trigger with the hub's time zone where it names none itself."""
        return self if self.timezone else msgspec.structs.replace(self, timezone=name)

    def next_times(self, after: datetime, count: int) -> list[datetime]:
        """The next `count` moments later than `after`, in UTC."""
        return list(islice(following(self._times(), after), count))

    async def watch(self, context: TriggerContext) -> None:
        times = self._times()
        await _cancel_strangers(times, context)
        while True:
            upcoming = await _make_ahead(times, context)
            later = self.next_times(upcoming, _SHOWN - 1)
            context.report("watching", "", [upcoming, *later])
            await self._settle_overdue(context)
            remaining = upcoming - context.clock.now()
            await context.clock.sleep(min(remaining, _LOOK).total_seconds())

    def sample(self) -> dict[str, Any]:
        (moment,) = self.next_times(_EPOCH, 1)
        return self._variables(moment, now=moment, missed_count=0)

    def explain(self, path: Path, folders: Folders) -> str | None:
        return None

    def _zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.timezone or "UTC")
        except (KeyError, ValueError, OSError) as error:  # no such name, no name, a folder's name
            raise ValueError(f"There is no time zone {self.timezone!r}.") from error

    def _times(self) -> Times:
        zone = self._zone()
        start = self._start(zone)
        if self.cron is not None:
            times: Times = Cron(self.cron, zone)
        else:
            assert self.every is not None
            times = Interval(start or _EPOCH, self.every)
        return NotBefore(start, times) if start else times

    def _start(self, zone: ZoneInfo) -> datetime | None:
        if self.start is None:
            return None
        aware = self.start if self.start.tzinfo else self.start.replace(tzinfo=zone)
        return aware.astimezone(UTC)

    async def _settle_overdue(self, context: TriggerContext) -> None:
        now = context.clock.now()
        patience = _LOOK if self.missed is Missed.SKIP else self.max_age
        overdue = [row for row in await context.occurrences.due() if row.scheduled_at <= now]
        stale = [row for row in overdue if now - row.scheduled_at > patience]
        fresh = overdue[len(stale) :]
        await _close(context, stale, OccurrenceState.TOO_OLD)
        if self.missed is Missed.RUN_ALL:
            for row in fresh:
                await self._run(context, row, now, missed_count=int(_is_late(row, now)))
        elif fresh:
            *others, newest = fresh
            # First the others: a crash in between must not leave them to be run by themselves.
            await _close(context, others, OccurrenceState.COALESCED)
            await self._run(
                context, newest, now, missed_count=len(others) + int(_is_late(newest, now))
            )

    async def _run(
        self, context: TriggerContext, row: Occurrence, now: datetime, *, missed_count: int
    ) -> None:
        variables = self._variables(row.scheduled_at, now=now, missed_count=missed_count)
        settled = replace(row, state=OccurrenceState.FIRED)
        await context.accept(
            Observation(key=row.scheduled_at.isoformat(), variables=variables, settles=(settled,))
        )

    def _variables(
        self, scheduled_at: datetime, *, now: datetime, missed_count: int
    ) -> dict[str, Any]:
        """`missed_count` is how many moments were not run on time for which this run stands."""
        zone = self._zone()
        return {
            "now": now.astimezone(zone).isoformat(),
            "scheduled_at": scheduled_at.astimezone(zone).isoformat(),
            "missed": missed_count > 0,
            "missed_count": missed_count,
        }


async def _cancel_strangers(times: Times, context: TriggerContext) -> None:
    """Rows that were made by earlier settings of this trigger mean nothing any more."""
    strangers = [
        row for row in await context.occurrences.due() if not includes(times, row.scheduled_at)
    ]
    await _close(context, strangers, OccurrenceState.CANCELLED)


async def _make_ahead(times: Times, context: TriggerContext) -> datetime:
    """Make the row of the next moment, which is given back, and those of all moments that passed
    since the last row.

    Where no row is due the trigger is new: then nothing was missed. One that was switched off kept
    its row, and what passed meanwhile is settled like any absence.
    """
    now = context.clock.now()
    due = {row.scheduled_at for row in await context.occurrences.due()}
    since = max((moment for moment in due if moment <= now), default=now)
    upcoming = next(following(times, now))
    moments = [*missed_between(times, since, now), upcoming]
    new = [moment for moment in moments if moment not in due]
    if new:
        await context.occurrences.add(new)
    return upcoming


async def _close(context: TriggerContext, rows: list[Occurrence], state: OccurrenceState) -> None:
    if rows:
        await context.occurrences.settle([row.scheduled_at for row in rows], state)


def _is_late(row: Occurrence, now: datetime) -> bool:
    return now - row.scheduled_at > _LOOK
