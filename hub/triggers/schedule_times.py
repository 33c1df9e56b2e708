"""What a schedule counts by: cron expressions or a fixed interval, and what was missed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Protocol

# So many moments are looked back upon after a long absence: the newest ones.
MOST_MISSED = 500


class Times(Protocol):
    """Moments without end, or none any more. `hub.triggers.cron.Cron` is one."""

    def after(self, moment: datetime) -> datetime | None:
        """The first moment later than `moment`; both aware, the answer in UTC."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Every `step`, counted from `anchor` on both sides. Real time: clock changes are no matter."""

    anchor: datetime
    step: timedelta

    def after(self, moment: datetime) -> datetime:
        return self.anchor + ((moment - self.anchor) // self.step + 1) * self.step


@dataclass(frozen=True, slots=True)
class NotBefore:
    """Other times, from `start` on, which is included."""

    start: datetime
    times: Times

    def after(self, moment: datetime) -> datetime | None:
        return self.times.after(max(moment, self.start - timedelta(microseconds=1)))


@dataclass(frozen=True, slots=True)
class NotAfter:
    """Other times, up to `end`, which is included."""

    end: datetime
    times: Times

    def after(self, moment: datetime) -> datetime | None:
        found = self.times.after(moment)
        return found if found is not None and found <= self.end else None


@dataclass(frozen=True, slots=True)
class Once:
    """A single moment."""

    moment: datetime

    def after(self, moment: datetime) -> datetime | None:
        return self.moment if self.moment > moment else None


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The moments of several, each of them once."""

    members: tuple[Times, ...]

    def after(self, moment: datetime) -> datetime | None:
        found = (times.after(moment) for times in self.members)
        return min((each for each in found if each is not None), default=None)


def following(times: Times, moment: datetime) -> Iterator[datetime]:
    """The moments after `moment`, in order."""
    found = times.after(moment)
    while found is not None:
        yield found
        found = times.after(found)


def includes(times: Times, moment: datetime) -> bool:
    """Whether `moment` is one of them."""
    return times.after(moment - timedelta(microseconds=1)) == moment


def missed_between(times: Times, since: datetime, now: datetime) -> list[datetime]:
    """The moments after `since` up to `now`, at most the newest 500.

    They are looked for backwards in ever longer reaches, so that a schedule of seconds after a
    month of absence costs no more than any other.
    """
    reach = timedelta(minutes=1)
    while True:
        begin = max(since, now - reach)
        found = list(takewhile(lambda moment: moment <= now, following(times, begin)))
        if begin == since or len(found) >= MOST_MISSED:
            return found[-MOST_MISSED:]
        reach *= 2
