"""Times of day and dates as they are written after `at`, as moments in a zone."""

import contextlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hub.config.quantities import time_of_day
from hub.records.weekday import Weekday
from hub.triggers.cron import Cron
from hub.triggers.schedule_times import AnyOf, Once, Times
from hub.triggers.schedule_zone import LocalTime


def times_at(texts: Iterable[str], zone: ZoneInfo, weekdays: Sequence[Weekday] = ()) -> Times:
    """Each time of day on these weekdays (all, if none is named), and each date with a time once.

    Raises `ValueError` with a sentence.
    """
    return AnyOf(tuple(_times(text, zone, weekdays) for text in texts))


def as_moment(written: datetime, zone: ZoneInfo) -> datetime:
    """In UTC; without an offset it is local time. One that the clock skips is right after that."""
    if written.tzinfo is not None:
        return written.astimezone(UTC)
    local = LocalTime(zone)
    return local.once(written) or written.replace(tzinfo=zone).astimezone(UTC)


def _times(text: str, zone: ZoneInfo, weekdays: Sequence[Weekday]) -> Times:
    with contextlib.suppress(ValueError):
        day = time_of_day(text)
        days = ",".join(weekdays) or "*"
        return Cron(f"{day.second} {day.minute} {day.hour} * * {days}", zone)
    moment = _date_and_time(text)
    if weekdays:
        raise ValueError(f"{text!r} names a date, and a date has its weekday: leave out `weekday`.")
    return Once(as_moment(moment, zone))


def _date_and_time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        found = None
    if found is None or ":" not in text or not 1970 <= found.year < 2200:
        raise ValueError(
            f"{text!r} is neither a time of day such as 07:30:00, nor a date with a time such as"
            " 2026-12-24 18:00."
        )
    return found
