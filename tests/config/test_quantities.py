"""Durations and sizes as people write them."""

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.config.quantities import byte_count, duration, duration_of_parts, time_of_day


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2s", 2),
        ("10 min", 600),
        ("1h30m", 5400),
        ("1 h 30 min", 5400),
        ("500ms", 0.5),
        ("2 days", 172_800),
        ("1w", 604_800),
        ("00:05:00", 300),
        ("00:05", 300),
        ("26:00:00.5", 93_600.5),
        ("90", 90),
        (".5", 0.5),
    ],
)
def test_a_duration_can_be_written_in_many_ways(text: str, seconds: float) -> None:
    assert duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "soon", "5 parsecs", "-5s", "1:75", "s", "5s x", "9e99 d"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        duration(text)


@pytest.mark.parametrize("text", ["9" * 20 + " days", "9" * 400, "36526 days"])
def test_a_duration_beyond_a_hundred_years_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="more than a hundred years"):
        duration(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("07:30", time(7, 30)), ("7:30", time(7, 30)), (" 23:59:59 ", time(23, 59, 59))],
)
def test_a_time_of_day_is_written_as_a_clock_shows_it(text: str, expected: time) -> None:
    assert time_of_day(text) == expected


@pytest.mark.parametrize("text", ["7", "24:00", "07:60", "07:30+02:00", "T07:30", "7:3", ""])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the reader has a sentence of its own
        time_of_day(text)


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=9999)))
def test_a_duration_in_parts_is_their_sum(elapsed: timedelta) -> None:
    hours, rest = divmod(elapsed, timedelta(hours=1))
    parts = {"hours": hours, "milliseconds": rest / timedelta(milliseconds=1)}
    assert abs(duration_of_parts(parts) - elapsed) < timedelta(microseconds=10)


def test_a_negative_duration_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        duration_of_parts({"seconds": -1})


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("12", 12),
        ("500 MB", 500_000_000),
        ("500mb", 500_000_000),
        ("1.5 GiB", 1_610_612_736),
        ("2 KiB", 2048),
        ("1 TB", 10**12),
    ],
)
def test_a_size_counts_bytes(text: str, size: int) -> None:
    assert byte_count(text) == size


@pytest.mark.parametrize("text", ["", "big", "5 apples", "-1 MB", "MB"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no size"):
        byte_count(text)
