"""Wall time in a zone and the moments it means, where clocks are put forward and back.

When a clock goes forward some wall times never come (a gap); when it goes back some come twice.
Python tells the two apart by `fold`: 0 reckons with the offset before the change, 1 with the one
after it.
"""

from bisect import bisect_left
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)


class LocalTime:
    """The wall clock of a zone. Wall times are naive, moments aware and in UTC."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def wall_time(self, moment: datetime) -> datetime:
        return moment.astimezone(self._zone).replace(tzinfo=None, fold=0)

    def exists(self, wall: datetime) -> bool:
        """Whether the clock ever shows it."""
        return self.wall_time(self._moment(wall, 0)) == wall

    def each(self, wall: datetime | None) -> list[datetime]:
        """The one or two moments at which the clock shows an existing wall time."""
        return [] if wall is None else [self._moment(wall, 0), self._moment(wall, 1)]

    def once(self, wall: datetime) -> datetime | None:
        """The moment that stands for a wall time: the first at which the clock shows it, or has
        passed it in a gap. None where the whole date is skipped (Samoa, 30 December 2011)."""
        if self.exists(wall):
            return self._moment(wall, 0)
        end = self.end_of_gap(wall)
        start = end - (self._moment(wall, 0) - self._moment(wall, 1))
        midnight = datetime.combine(wall, time())
        if start <= midnight and end >= midnight + _DAY:
            return None
        return self._moment(end, 0)

    def end_of_gap(self, wall: datetime) -> datetime:
        """The wall time that the clock is put forward to, for one in a gap."""
        before, after = self._moment(wall, 1), self._moment(wall, 0)
        offset = self._offset(before)
        seconds = bisect_left(
            range((after - before) // _SECOND),
            True,
            key=lambda second: self._offset(before + second * _SECOND) != offset,
        )
        return self.wall_time(before + seconds * _SECOND)

    def wall_times_passed(self, moment: datetime) -> set[datetime]:
        """Up to where wall times were seen for the first time, and for the last."""
        wall = moment.astimezone(self._zone)
        seen_again = moment.astimezone(UTC).replace(tzinfo=None) + _known(wall.replace(fold=1))
        return {wall.replace(tzinfo=None, fold=0), seen_again}

    def _moment(self, wall: datetime, fold: int) -> datetime:
        return wall.replace(tzinfo=self._zone, fold=fold).astimezone(UTC)

    def _offset(self, moment: datetime) -> timedelta:
        return _known(moment.astimezone(self._zone))


def _known(wall: datetime) -> timedelta:
    offset = wall.utcoffset()
    assert offset is not None
    return offset
