"""Cron expressions and the moments they mean."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from hub.triggers.cron import Cron
from hub.triggers.schedule_times import following

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = sorted(available_timezones() - {"localtime", "posixrules"})
DAY = timedelta(days=1)


def moments(expression: str, zone: ZoneInfo, start: datetime, end: datetime) -> list[datetime]:
    """All moments after `start` up to `end`."""
    found = []
    for moment in following(Cron(expression, zone), start):
        if moment > end:
            break
        found.append(moment)
    return found


def wall(expression: str, start: str, count: int, zone: ZoneInfo = BERLIN) -> list[str]:
    """The next moments as the zone's clock shows them, with offset."""
    found = islice(following(Cron(expression, zone), datetime.fromisoformat(start)), count)
    return [moment.astimezone(zone).strftime("%m-%d %H:%M%z") for moment in found]


def dates_that_exist(zone: ZoneInfo, first: date, last: date) -> list[date]:
    """The local dates that any moment has, found by looking at every third hour."""
    moment = datetime.combine(first, time(), UTC) - DAY
    seen = set()
    while moment.date() <= last + DAY:
        seen.add(moment.astimezone(zone).date())
        moment += timedelta(hours=3)
    return sorted(day for day in seen if first <= day <= last)


def due_date(moment: datetime, clock: time, zone: ZoneInfo) -> date:
    """The local date whose `clock` the moment stands for: one put off to the end of a gap may lie
    on the date after it."""
    if moment.astimezone(zone).time() == clock:
        return moment.astimezone(zone).date()
    before_gap = (moment - timedelta(microseconds=1)).astimezone(zone)
    return before_gap.date() if before_gap.time() < clock else before_gap.date() + DAY


@given(
    zone=some.sampled_from(ZONES).map(ZoneInfo),
    year=some.integers(1980, 2037),
    hour=some.integers(0, 23),
    minute=some.integers(0, 59),
)
@example(zone=ZoneInfo("America/Nuuk"), year=2024, hour=23, minute=59)  # 23:00 is 0:00
@example(zone=ZoneInfo("Asia/Beirut"), year=2024, hour=0, minute=30)  # 0:00 is 1:00
@example(zone=ZoneInfo("Pacific/Enderbury"), year=1994, hour=0, minute=0)  # no 31 December
@settings(max_examples=40, deadline=None)
def test_a_daily_job_runs_exactly_once_per_local_date_that_exists(
    zone: ZoneInfo, year: int, hour: int, minute: int
) -> None:
    found = moments(
        f"{minute} {hour} * * *",
        zone,
        datetime(year, 1, 1, tzinfo=zone) - DAY,
        datetime(year, 12, 31, 23, 59, 59, tzinfo=zone) + DAY,
    )
    days = [due_date(moment, time(hour, minute), zone) for moment in found]
    in_the_year = [day for day in days if day.year == year]
    assert in_the_year == dates_that_exist(zone, date(year, 1, 1), date(year, 12, 31))


def changes(zone: ZoneInfo, begin: datetime, days: int) -> tuple[tuple[int, timedelta | None], ...]:
    """The hours in which the clock was changed, and to what; the first is how it began. No clock is
    put forward and back within a week."""

    def offset(hour: int) -> timedelta | None:
        return (begin + timedelta(hours=hour)).astimezone(zone).utcoffset()

    spans = [(0, 24 * days)]
    for step in (24 * 7, 24, 1):
        steps = (pair for first, end in spans for pair in pairwise(range(first, end + step, step)))
        spans = [(before, after) for before, after in steps if offset(before) != offset(after)]
    return tuple((hour, offset(hour)) for hour in (0, *(after for _, after in spans)))


@pytest.mark.slow
def test_in_every_zone_daily_jobs_run_once_per_local_date_whenever_clocks_change() -> None:
    """In ten years; between changes nothing happens to a clock."""
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    # Of zones whose clocks change at the same hours one stands for all.
    zones = {changes(ZoneInfo(name), begin, 3653): ZoneInfo(name) for name in ZONES}
    for times, zone in zones.items():
        for hour, _ in times:
            day = (begin + timedelta(hours=hour)).date()
            first, last = day - 3 * DAY, day + 3 * DAY
            existing = dates_that_exist(zone, first, last)
            for clock in ("0 0", "30 1", "30 2", "59 23"):
                start = datetime.combine(first, time(), zone) - DAY
                end = datetime.combine(last, time(), zone) + 2 * DAY
                found = moments(f"{clock} * * *", zone, start, end)
                minute, hour_of_day = map(int, clock.split())
                due = [due_date(moment, time(hour_of_day, minute), zone) for moment in found]
                assert [each for each in due if first <= each <= last] == existing, zone


@given(
    zone=some.sampled_from(ZONES).map(ZoneInfo),
    start=some.integers(10 * 365, 67 * 365).map(
        lambda days: datetime.fromtimestamp(days * 86400, UTC)
    ),
)
@settings(max_examples=40, deadline=None)
def test_a_job_of_every_quarter_hour_follows_real_time(zone: ZoneInfo, start: datetime) -> None:
    found = moments("*/15 * * * *", zone, start, start + DAY)
    assert {later - earlier for earlier, later in pairwise(found)} <= {timedelta(minutes=15)}


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "Africa/El_Aaiun"])
def test_a_job_of_every_hour_runs_in_each_real_hour_of_a_year(zone: str) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    found = moments("0 */1 * * *", ZoneInfo(zone), start, start + 365 * DAY)
    gaps = {later - earlier for earlier, later in pairwise(found)}
    assert max(gaps) <= timedelta(minutes=90)
    assert len(found) in range(8759, 8762)


def test_a_fixed_time_in_the_skipped_hour_runs_right_after_it() -> None:
    expected = ["03-28 02:30+0100", "03-29 03:00+0200", "03-30 02:30+0200"]
    assert wall("30 2 * * *", "2026-03-28T00:00+01:00", 3) == expected


def test_several_fixed_times_in_the_skipped_hour_run_once() -> None:
    found = wall("0,20,40 2,3 29 3 *", "2026-03-28T00:00+01:00", 4)
    assert found[:3] == ["03-29 03:00+0200", "03-29 03:20+0200", "03-29 03:40+0200"]


def test_a_fixed_time_in_the_repeated_hour_runs_the_first_time_only() -> None:
    expected = ["10-24 02:30+0200", "10-25 02:30+0200", "10-26 02:30+0100"]
    assert wall("30 2 * * *", "2026-10-24T00:00+02:00", 3) == expected


def test_a_wildcard_hour_runs_in_both_repeated_hours() -> None:
    expected = ["10-25 01:30+0200", "10-25 02:30+0200", "10-25 02:30+0100", "10-25 03:30+0100"]
    assert wall("30 * * * *", "2026-10-25T01:00+02:00", 4) == expected


def test_a_wildcard_hour_leaves_out_the_skipped_one() -> None:
    expected = ["03-29 01:30+0100", "03-29 03:30+0200"]
    assert wall("30 * * * *", "2026-03-29T01:00+01:00", 2) == expected


def test_a_date_that_a_zone_skipped_has_no_run() -> None:
    found = wall("0 9 * * *", "2011-12-29T00:00-10:00", 3, ZoneInfo("Pacific/Apia"))
    assert found == ["12-29 09:00-1000", "12-31 09:00+1400", "01-01 09:00+1400"]


def test_a_job_of_every_second_passes_a_skipped_day_without_searching_it() -> None:
    apia = ZoneInfo("Pacific/Apia")
    last_second = datetime(2011, 12, 29, 23, 59, 59, tzinfo=apia)
    following_second = Cron("* * * * * *", apia).after(last_second)
    assert following_second == datetime(2011, 12, 31, tzinfo=apia)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("@daily", ["01-16 00:00", "01-17 00:00"]),
        ("@weekly", ["01-18 00:00", "01-25 00:00"]),
        ("0 9 * * mon-fri", ["01-15 09:00", "01-16 09:00", "01-19 09:00"]),
        ("0 9 * * 0", ["01-18 09:00", "01-25 09:00"]),
        ("0 9 * * 7", ["01-18 09:00", "01-25 09:00"]),
        ("0 9 * * sat-sun", ["01-17 09:00", "01-18 09:00", "01-24 09:00"]),
        ("0 0 20 * fri", ["01-16 00:00", "01-20 00:00", "01-23 00:00"]),
        ("0 0 */2 * fri", ["01-23 00:00", "02-13 00:00"]),
        ("0 12 29 FEB *", ["02-29 12:00"]),
        ("0 5/10 0 * * *", ["01-15 00:05", "01-15 00:15", "01-15 00:25"]),
        ("10-12 0 * * *", ["01-15 00:10", "01-15 00:11", "01-15 00:12", "01-16 00:10"]),
    ],
)
def test_reads_what_crontabs_hold(expression: str, expected: list[str]) -> None:
    start = datetime(2026, 1, 15, 0, 0, 1, tzinfo=UTC)
    found = islice(following(Cron(expression, ZoneInfo("UTC")), start), len(expected))
    assert [f"{moment:%m-%d %H:%M}" for moment in found] == expected


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("* * * *", "has 4 fields"),
        ("61 * * * *", "'61' is no minute"),
        ("0 0 * * fun", "'fun' is no weekday"),
        ("0 0 * * mon-", "'mon-' is no weekday"),
        ("5-3 * * * *", "names no minute at all"),
        ("*/0 * * * *", "names no minute at all"),
        ("0 0 30 2 *", "names a date that never comes"),
    ],
)
def test_says_what_is_wrong_with_an_expression(expression: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Cron(expression, BERLIN)
