"""The triggers time, time_pattern and sun: when they fire."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from hub.triggers.scheduled import Scheduled
from hub.triggers.sun import SunTrigger
from hub.triggers.time import TimeTrigger
from hub.triggers.time_pattern import TimePatternTrigger

THURSDAY = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
BERLIN = {"event": "sunrise", "latitude": 52.52, "longitude": 13.40, "timezone": "Europe/Berlin"}
KINDS: dict[str, type[Scheduled]] = {
    "time": TimeTrigger,
    "time_pattern": TimePatternTrigger,
    "sun": SunTrigger,
}


def trigger(kind: str, **options: Any) -> Scheduled:
    return msgspec.convert({"trigger": kind, **options}, KINDS[kind])


def times(kind: str, count: int, after: datetime = THURSDAY, **options: Any) -> list[str]:
    """The next times, as the trigger's own clock shows them."""
    wanted = trigger(kind, **options)
    zone = wanted.zone()
    found = wanted.next_times(after, count)
    return [f"{moment.astimezone(zone):%m-%d %H:%M:%S}" for moment in found]


def test_several_times_of_day_come_in_order() -> None:
    found = times("time", 4, at=["22:30:15", "07:30"])
    expected = ["01-15 22:30:15", "01-16 07:30:00", "01-16 22:30:15", "01-17 07:30:00"]
    assert found == expected


def test_weekdays_are_kept() -> None:
    found = times("time", 3, at=["09:00"], weekday=["mon", "sun"])
    assert found == ["01-18 09:00:00", "01-19 09:00:00", "01-25 09:00:00"]


def test_a_date_comes_once_in_local_time() -> None:
    found = times("time", 3, at=["2026-12-24 18:00"], timezone="Europe/Berlin")
    assert found == ["12-24 18:00:00"]


def test_a_date_in_the_skipped_hour_comes_right_after_it() -> None:
    found = times("time", 1, at=["2026-03-29 02:30"], timezone="Europe/Berlin")
    assert found == ["03-29 03:00:00"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({"minutes": "/20"}, ["01-15 12:20:00", "01-15 12:40:00", "01-15 13:00:00"]),
        ({"hours": 3}, ["01-16 03:00:00", "01-17 03:00:00"]),
        ({"hours": "/8", "minutes": 5}, ["01-15 16:05:00", "01-16 00:05:00"]),
        ({"seconds": "/30"}, ["01-15 12:00:30", "01-15 12:01:00"]),
        ({"hours": "*", "minutes": "30"}, ["01-15 12:30:00", "01-15 13:30:00"]),
    ],
)
def test_a_pattern_matches_as_in_home_assistant(
    pattern: dict[str, Any], expected: list[str]
) -> None:
    assert times("time_pattern", len(expected), **pattern) == expected


def test_the_sun_rises_when_almanacs_say_so() -> None:
    (found,) = trigger("sun", **BERLIN).next_times(datetime(2026, 6, 20, 22, tzinfo=UTC), 1)
    almanac = datetime(2026, 6, 21, 2, 43, tzinfo=UTC)  # 04:43 in summer time
    assert abs(found - almanac) < timedelta(minutes=2)


def test_an_offset_moves_the_sun_both_ways() -> None:
    (plain,) = trigger("sun", **BERLIN).next_times(THURSDAY, 1)
    (later,) = trigger("sun", **BERLIN, offset="01:30:00").next_times(THURSDAY, 1)
    (earlier,) = trigger("sun", **BERLIN, offset="-00:45:00").next_times(THURSDAY, 1)
    assert (later - plain, plain - earlier) == (timedelta(hours=1.5), timedelta(minutes=45))


def test_a_polar_night_is_waited_through() -> None:
    tromsoe = {**BERLIN, "latitude": 69.65, "longitude": 18.96}
    (found,) = trigger("sun", **tromsoe).next_times(datetime(2025, 12, 1, tzinfo=UTC), 1)
    assert found.month == 1


@pytest.mark.parametrize(
    ("kind", "options", "sentence"),
    [
        ("time", {"at": ["input_datetime.morning"]}, "neither a time of day"),
        ("time", {"at": ["2026-12-24 18:00"], "weekday": ["mon"]}, "leave out `weekday`"),
        ("time_pattern", {}, "needs `hours`, `minutes` or `seconds`"),
        ("time_pattern", {"minutes": "often"}, "`minutes` must be 0 to 59, .* not 'often'"),
        ("time_pattern", {"seconds": 60}, "`seconds` must be 0 to 59, .* not '60'"),
        ("time_pattern", {"hours": "/24"}, "`hours` must be 0 to 23, .* not '/24'"),
        ("time_pattern", {"minutes": "/0"}, "`minutes` must be 0 to 59, .* not '/0'"),
        ("sun", {**BERLIN, "offset": "soon"}, "`offset` must be a duration"),
    ],
)
def test_refuses_settings_with_a_sentence(
    kind: str, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(msgspec.ValidationError, match=sentence):
        trigger(kind, **options)
