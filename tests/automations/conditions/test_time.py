"""Times of the day and days of the week."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.automations.conditions.judged import judged, mistakes

NIGHT = "{condition: time, after: '22:00', before: '06:00'}"


@pytest.mark.parametrize(
    ("hour", "minute", "holds"),
    [(21, 59, False), (22, 0, True), (23, 30, True), (0, 0, True), (5, 59, True), (6, 0, False)],
)
async def test_a_span_may_go_past_midnight(
    tmp_path: Path, hour: int, minute: int, holds: bool
) -> None:
    now = datetime(2026, 1, 15, hour, minute, tzinfo=UTC)
    assert (await judged(tmp_path, NIGHT, now=now)).holds is holds


async def test_the_time_is_that_of_the_hubs_zone(tmp_path: Path) -> None:
    now = datetime(2026, 7, 15, 20, 30, tzinfo=UTC)
    ruling = await judged(tmp_path, NIGHT, now=now, zone="Europe/Berlin")
    assert ruling.holds
    assert ruling.details == "it is wed 22:30:00, after 22:00:00 and before 06:00:00 wanted"


@pytest.mark.parametrize(("days", "holds"), [("[mon, thu]", True), ("fri", False)])
async def test_the_day_of_the_week_counts(tmp_path: Path, days: str, holds: bool) -> None:
    text = f"{{condition: time, weekday: {days}}}"
    assert (await judged(tmp_path, text)).holds is holds


async def test_one_end_is_enough(tmp_path: Path) -> None:
    assert (await judged(tmp_path, "{condition: time, after: '12:00'}")).holds
    assert not (await judged(tmp_path, "{condition: time, before: '12:00'}")).holds


def test_a_time_condition_without_any_time_is_refused(tmp_path: Path) -> None:
    (mistake,) = mistakes(tmp_path, "{condition: time}")
    assert "needs `after`, `before` or `weekday`" in mistake
