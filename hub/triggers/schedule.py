"""The schedule trigger: moments by cron expression, by interval, or written one by one."""

from datetime import datetime, timedelta
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hub.config.fields import OneOrMany
from hub.triggers.cron import Cron
from hub.triggers.schedule_clock import as_moment, times_at
from hub.triggers.schedule_settings import EPOCH
from hub.triggers.schedule_times import Interval, NotAfter, NotBefore, Times
from hub.triggers.scheduled import Scheduled

_SHORTEST, _LONGEST = timedelta(seconds=1), timedelta(days=3653)


class ScheduleTrigger(
    Scheduled,
    frozen=True,
    kw_only=True,
    tag_field="trigger",
    tag="schedule",
    forbid_unknown_fields=True,
):
    """Fires at moments known beforehand. Exactly one of `cron`, `every` and `at` says which."""

    kind: ClassVar[str] = "schedule"

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
    at: Annotated[
        OneOrMany[str],
        Meta(
            description="Times of day such as 07:30, every day; or dates with a time such as"
            " 2026-12-24 18:00, each once."
        ),
    ] = msgspec.field(default_factory=list)
    start: Annotated[
        datetime | None,
        Meta(description="Nothing happens before it; without an offset it is local time."),
    ] = None
    end: Annotated[
        datetime | None,
        Meta(description="Nothing happens after it; without an offset it is local time."),
    ] = None

    def __post_init__(self) -> None:
        given = sum((self.cron is not None, self.every is not None, bool(self.at)))
        if given != 1:
            raise ValueError(
                "A schedule takes either `cron` or `every` or `at`: write one of them."
            )
        if self.every is not None and not _SHORTEST <= self.every <= _LONGEST:
            raise ValueError("`every` must be at least one second, and at most ten years.")
        for name, written in (("start", self.start), ("end", self.end)):
            if written is not None and not 1970 <= written.year < 2200:
                raise ValueError(f"`{name}` must lie between 1970 and 2200.")
        super().__post_init__()

    def times(self) -> Times:
        zone = self.zone()
        start = as_moment(self.start, zone) if self.start else None
        times = self._unlimited(start or EPOCH)
        if start:
            times = NotBefore(start, times)
        return NotAfter(as_moment(self.end, zone), times) if self.end else times

    def _unlimited(self, anchor: datetime) -> Times:
        if self.cron is not None:
            return Cron(self.cron, self.zone())
        if self.every is not None:
            return Interval(anchor, self.every)
        return times_at(self.at, self.zone())
