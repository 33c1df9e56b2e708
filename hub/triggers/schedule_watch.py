"""Watching the moments of a schedule, so that none is lost unnoticed.

The next moment always stands as a row (an occurrence) before it comes. After a restart or a
computer's sleep, rows that are overdue, and those of the moments in between, are settled one by
one: run, coalesced into a later run, too old, or too many.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from hub.records.occurrence import MISSED, Occurrence, OccurrenceState
from hub.triggers.base import Observation, TriggerContext
from hub.triggers.schedule_settings import Missed
from hub.triggers.schedule_times import Times, following, includes, missed_between

# The longest sleep: a changed wall clock or a computer's sleep is noticed within it, and what is
# noticed within it is on time.
LOOK = timedelta(minutes=1)
SHOWN = 10  # so many of the next moments are told


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """How a schedule goes about its moments. `details` is what templates see besides."""

    zone: ZoneInfo
    jitter: timedelta
    missed: Missed
    max_age: timedelta
    most: int | None
    details: Mapping[str, Any] = field(default_factory=dict)

    def ready_at(self, row: Occurrence) -> datetime:
        """When its moment is to run: by chance up to `jitter` later, and at the same time after a
        restart."""
        name = f"{row.automation}/{row.trigger}/{row.scheduled_at.isoformat()}"
        chance = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) / 2**32
        return row.scheduled_at + self.jitter * chance

    def is_late(self, row: Occurrence, now: datetime) -> bool:
        return now - self.ready_at(row) > LOOK

    def variables(
        self, scheduled_at: datetime, *, now: datetime, missed_count: int
    ) -> dict[str, Any]:
        """`missed_count` is how many moments were not run on time for which this run stands."""
        return {
            "now": now.astimezone(self.zone).isoformat(),
            "scheduled_at": scheduled_at.astimezone(self.zone).isoformat(),
            "missed": missed_count > 0,
            "missed_count": missed_count,
            **self.details,
        }


class ScheduleWatch:
    """One schedule being watched. `_told` is the next moment that was last reported."""

    def __init__(self, times: Times, rules: Rules, context: TriggerContext) -> None:
        self._times = times
        self._rules = rules
        self._context = context
        self._clock = context.clock
        self._told: datetime | None = None

    async def run(self) -> None:
        """Watch until cancelled."""
        await self._cancel_strangers()
        self._context.report("watching", "")
        while True:
            upcoming = await self._make_ahead()
            self._tell(upcoming)
            due = await self._settle_overdue()
            wake_at = min([*due, *([upcoming] if upcoming else [])], default=None)
            remaining = LOOK if wake_at is None else wake_at - self._clock.now()
            await self._clock.sleep(min(remaining, LOOK).total_seconds())

    async def _cancel_strangers(self) -> None:
        """Rows that were made by earlier settings of this trigger mean nothing any more."""
        rows = await self._context.occurrences.due()
        strangers = [row for row in rows if not includes(self._times, row.scheduled_at)]
        await self._close(strangers, OccurrenceState.CANCELLED)

    async def _make_ahead(self) -> datetime | None:
        """Make the row of the next moment, which is given back, and those of all moments that
        passed since the last row.

        Where no row is due the trigger is new, or was switched off: then nothing was missed.
        """
        now = self._clock.now()
        due = {row.scheduled_at for row in await self._context.occurrences.due()}
        since = max((moment for moment in due if moment <= now), default=now)
        upcoming = next(following(self._times, now), None)
        moments = [*missed_between(self._times, since, now), *([upcoming] if upcoming else [])]
        if new := [moment for moment in moments if moment not in due]:
            await self._context.occurrences.add(new)
        return upcoming

    def _tell(self, upcoming: datetime | None) -> None:
        if upcoming is None:
            self._context.report("ended", "Its last moment has passed.")
        elif upcoming != self._told:
            later = islice(following(self._times, upcoming), SHOWN - 1)
            self._context.report("watching", "", [upcoming, *later])
        self._told = upcoming

    async def _settle_overdue(self) -> list[datetime]:
        """Settle what is overdue; gives when the other rows will be."""
        now, rules = self._clock.now(), self._rules
        patience, stale_state = rules.max_age, OccurrenceState.TOO_OLD
        if rules.missed is Missed.SKIP:
            patience, stale_state = LOOK, OccurrenceState.SKIPPED
        rows = await self._context.occurrences.due()
        overdue = [row for row in rows if rules.ready_at(row) <= now]
        stale = [row for row in overdue if now - rules.ready_at(row) > patience]
        await self._close(stale, stale_state)
        fresh = [row for row in overdue if row not in stale]
        if rules.missed is Missed.RUN_ALL:
            await self._run_all(fresh, now)
        elif fresh:
            await self._run_newest(fresh, now)
        return [rules.ready_at(row) for row in rows if row not in overdue]

    async def _run_all(self, rows: list[Occurrence], now: datetime) -> None:
        most = len(rows) if self._rules.most is None else self._rules.most
        surplus = max(0, len(rows) - most)
        await self._close(rows[:surplus], OccurrenceState.TOO_MANY)
        for row in rows[surplus:]:
            await self._run(row, now, missed_count=int(self._rules.is_late(row, now)))

    async def _run_newest(self, rows: list[Occurrence], now: datetime) -> None:
        *others, newest = rows
        skips = self._rules.missed is Missed.SKIP
        # First the others: a crash in between must not leave them to be run by themselves.
        await self._close(others, OccurrenceState.SKIPPED if skips else OccurrenceState.COALESCED)
        late = int(self._rules.is_late(newest, now))
        await self._run(newest, now, missed_count=0 if skips else len(others) + late)

    async def _run(self, row: Occurrence, now: datetime, *, missed_count: int) -> None:
        variables = self._rules.variables(row.scheduled_at, now=now, missed_count=missed_count)
        settled = replace(row, state=OccurrenceState.FIRED)
        await self._context.accept(
            Observation(key=row.scheduled_at.isoformat(), variables=variables, settles=(settled,))
        )

    async def _close(self, rows: list[Occurrence], state: OccurrenceState) -> None:
        if not rows:
            return
        moments = [row.scheduled_at for row in rows]
        await self._context.occurrences.settle(moments, state)
        if state in MISSED:
            self._context.missed(moments)
