"""Cron expressions, and the moments they mean in a time zone.

An expression speaks of local wall time. APScheduler finds the next wall time it names, counting as
if no clock were ever changed; `hub.triggers.schedule_zone` turns wall times into moments.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from hub.triggers.cron_field import CronField
from hub.triggers.schedule_zone import LocalTime

_SHORTHANDS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_SECOND = CronField("second", 0, 59)
_FIELDS = (
    CronField("minute", 0, 59),
    CronField("hour", 0, 23),
    CronField("day", 1, 31),
    CronField("month", 1, 12, _MONTHS),
    CronField("weekday", 0, 7, _WEEKDAYS),
)

# Nobody waits longer, and 30 February need not be looked for until the year 9999.
_END = datetime(2200, 1, 1, tzinfo=UTC)
_INSTANT = timedelta(microseconds=1)


class Cron:
    """A cron expression in a time zone: five fields, or six with the second in front.

    Raises `ValueError` with a sentence for an expression that means nothing or never comes.
    """

    def __init__(self, expression: str, zone: ZoneInfo) -> None:
        self._local = LocalTime(zone)
        self._wall = _wall_times(expression)

    def after(self, moment: datetime) -> datetime | None:
        """The first moment later than `moment`; both aware, the answer in UTC.

        An hour of `*` or `*/n` follows real time, so the hour a clock repeats counts twice and the
        hour it skips not at all. Fixed hours happen once each: in a repeated hour the first time,
        out of a skipped hour right after it (the rule of vixie cron).
        """
        if self._wall.follows_real_time:
            return self._next_in_real_time(moment)
        return self._next_on_the_wall(moment)

    def _next_on_the_wall(self, moment: datetime) -> datetime | None:
        wall = self._wall.after(self._local.wall_time(moment))
        while wall is not None:
            candidate = self._local.once(wall)
            if candidate is not None and candidate > moment:
                return candidate
            wall = self._wall.after(wall)
        return None

    def _next_in_real_time(self, moment: datetime) -> datetime | None:
        """Wall times seen for the first time, and those seen again, each come in order; the next
        moment is the earlier one of the two rows."""
        candidates = [
            candidate
            for start in self._local.wall_times_passed(moment)
            for candidate in self._local.each(self._next_existing(start))
            if candidate > moment
        ]
        return min(candidates, default=None)

    def _next_existing(self, wall: datetime) -> datetime | None:
        following = self._wall.after(wall)
        while following is not None and not self._local.exists(following):
            last_skipped = self._local.end_of_gap(following) - _INSTANT
            following = self._wall.after(max(last_skipped, following))
        return following


@dataclass(frozen=True, slots=True)
class _WallTimes:
    """What an expression names on a clock that is never changed. With an hour of `*` or `*/n` the
    moments follow real time."""

    members: tuple[CronTrigger, ...]
    follows_real_time: bool

    @lru_cache(maxsize=1000)  # noqa: B019 - of expressions, which are kept as well
    def after(self, wall: datetime) -> datetime | None:
        """Kept, as many schedules ask for their first moment, and more than once."""
        start = wall.replace(tzinfo=UTC) + _INSTANT
        found = [trigger.get_next_fire_time(None, start) for trigger in self.members]
        return min((time.replace(tzinfo=None) for time in found if time), default=None)


@lru_cache(maxsize=1000)
def _wall_times(expression: str) -> _WallTimes:
    """Kept, as a trigger asks for its moments again and again."""
    fields = _split(expression)
    times = _WallTimes(_arithmetic(fields), fields["hour"].startswith("*"))
    if times.after(datetime(2000, 1, 1)) is None:  # noqa: DTZ001 - wall time
        raise ValueError(f"The cron expression {expression!r} names a date that never comes.")
    return times


def _split(expression: str) -> dict[str, str]:
    texts = _SHORTHANDS.get(expression.strip().lower(), expression).lower().split()
    if len(texts) == len(_FIELDS):
        texts = ["0", *texts]
    if len(texts) != len(_FIELDS) + 1:
        raise ValueError(
            f"The cron expression {expression!r} has {len(texts)} fields. Write five (minute, hour,"
            f" day, month, weekday), six with the second in front, or one of"
            f" {', '.join(_SHORTHANDS)}."
        )
    return {field.name: text for field, text in zip((_SECOND, *_FIELDS), texts, strict=True)}


def _arithmetic(fields: dict[str, str]) -> tuple[CronTrigger, ...]:
    """Where both day and weekday are restricted, either is enough, as in every crontab."""
    values = {field.name: field.values(fields[field.name]) for field in (_SECOND, *_FIELDS)}
    weekday = _from_monday(values.pop("weekday"))
    if fields["day"].startswith("*") or fields["weekday"].startswith("*"):
        return (_trigger(**values, day_of_week=weekday),)
    return _trigger(**values), _trigger(**{**values, "day": None}, day_of_week=weekday)


def _from_monday(weekdays: list[int] | None) -> list[int] | None:
    """APScheduler counts from Monday 0; crontabs from Sunday 0, which is also 7."""
    return weekdays and sorted({(weekday - 1) % 7 for weekday in weekdays})


def _trigger(**fields: list[int] | None) -> CronTrigger:
    written = {
        name: "*" if values is None else ",".join(map(str, values))
        for name, values in fields.items()
    }
    return CronTrigger(**written, timezone=UTC, end_date=_END)
