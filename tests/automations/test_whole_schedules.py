"""A schedule in a whole hub: switched off and on again, and what is told of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from hub.app import Hub
from hub.notices import FiringChanged
from hub.storage.occurrences import TriggerOccurrences
from hub.testing.clock import ScriptedClock

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
HALF_PAST_FIVE = NOON + timedelta(hours=5.5)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "hub.yaml").write_text("time_zone: UTC\n")
    return tmp_path


@asynccontextmanager
async def running(config: Path, now: datetime, *, on: bool) -> AsyncIterator[Hub]:
    """A hub with one hourly automation, which is at its turn when the block begins."""
    (config / "automations.yaml").write_text(
        f"- id: hourly\n  initial_state: {on}\n  triggers: [{{trigger: schedule, every: 1h}}]\n"
        "  actions: [{action: output.find, data: {}}]\n"
    )
    hub = Hub(config, port=0, clock=ScriptedClock(now), worker_module="hub.testing.worker")
    async with hub:
        assert hub.configuration.problems == ()
        yield hub


async def test_what_passed_while_the_hub_was_down_is_made_up_for(config: Path) -> None:
    async with running(config, NOON, on=True) as hub:
        assert await told(hub) == ["13:00", "14:00", "15:00"]
    async with running(config, HALF_PAST_FIVE, on=True) as hub:
        await first_firing(hub)
        (firing,) = await hub.books.firings.page(automation="hourly", limit=10)
        event = await hub.books.events.get(firing.event)
        assert event.variables["scheduled_at"] == "2026-01-15T17:00:00+00:00"
        assert event.variables["missed_count"] == 5
        assert [row.scheduled_at.hour for row in await due(hub)] == [18]
        assert await told(hub) == ["18:00", "19:00", "20:00"]


async def test_what_passed_while_an_automation_was_off_is_not_made_up_for(config: Path) -> None:
    async with running(config, NOON, on=True) as hub:
        assert await told(hub) == ["13:00", "14:00", "15:00"]
    async with running(config, NOON + timedelta(hours=3.5), on=False) as hub:
        assert await due(hub) == []
    async with running(config, HALF_PAST_FIVE, on=True) as hub:
        assert await told(hub) == ["18:00", "19:00", "20:00"]
        assert [row.scheduled_at.hour for row in await due(hub)] == [18]
        assert await hub.books.firings.page(automation="hourly", limit=10) == []


async def test_a_moment_of_which_nothing_has_begun_is_overdue(config: Path) -> None:
    async with running(config, NOON, on=True) as hub:
        await told(hub)
        await hub.supervisor.set_paused(True)
        assert await overdue_in(hub) == []
    async with running(config, HALF_PAST_FIVE, on=True) as hub:
        while not (await asked(hub, "automations"))["automations"][0]["waiting"]:
            pass
        five = HALF_PAST_FIVE.replace(minute=0).isoformat()
        [late] = await overdue_in(hub)
        assert (late["automation"], late["since"].replace("Z", "+00:00")) == ("hourly", five)
        await hub.supervisor.set_paused(False)
        await first_firing(hub)
        assert await overdue_in(hub) == []


async def test_switching_off_cancels_what_is_due_at_once(config: Path) -> None:
    async with running(config, NOON, on=True) as hub:
        await told(hub)
        await hub.supervisor.set_state("hourly", False)
        assert await due(hub) == []
        await hub.supervisor.set_state("hourly", True)
        await told(hub)
        assert [row.scheduled_at.hour for row in await due(hub)] == [13]


async def test_what_is_due_of_a_schedule_that_was_deleted_is_cancelled(config: Path) -> None:
    async with running(config, NOON, on=True) as hub:
        await told(hub)
    (config / "automations.yaml").write_text("")
    async with Hub(config, port=0, worker_module="hub.testing.worker") as hub:
        assert await due(hub) == []


async def test_what_is_due_of_a_schedule_that_is_edited_away_is_cancelled_at_once(
    config: Path,
) -> None:
    async with running(config, NOON, on=True) as hub:
        await told(hub)
        written = (config / "automations.yaml").read_text()
        (config / "automations.yaml").write_text(written.replace("{trigger", "{id: new, trigger"))
        await hub.live.reload(hub.supervisor)
        assert await due(hub) == []
        (config / "automations.yaml").write_text("")
        await hub.live.reload(hub.supervisor)
        new = TriggerOccurrences(hub.books.database, "hourly", "new")
        assert await new.due() == []
        assert await hub.books.past.occurrences(NOON, NOON + timedelta(hours=2)) != []


async def test_what_is_due_of_an_automation_that_is_broken_is_kept(config: Path) -> None:
    async with running(config, NOON, on=True) as hub:
        await told(hub)
    (config / "automations.yaml").write_text("- id: hourly\n  triggers: [{trigger: nonsense}]\n")
    async with Hub(config, port=0, worker_module="hub.testing.worker") as hub:
        assert [row.scheduled_at.hour for row in await due(hub)] == [13]


async def test_schedules_that_share_an_id_have_moments_of_their_own(config: Path) -> None:
    first, second = "{trigger: schedule, id: x, every: 1h}", "{trigger: time, id: x, at: '12:30'}"
    (config / "automations.yaml").write_text(
        f"- id: two\n  triggers: [{first}, {second}]\n  actions: [{{stop: done}}]\n"
    )
    clock = ScriptedClock(NOON)
    async with Hub(config, port=0, clock=clock, worker_module="hub.testing.worker") as hub:
        seen: list[dict[str, Any]] = []
        while not all(trigger["next_times"] for trigger in seen) or not seen:
            (automation,) = (await asked(hub, "automations"))["automations"]
            seen = automation["triggers"]
        assert [trigger["id"] for trigger in seen] == ["x", "x"]
        for name, moment in (("x", "13:00"), ("x#1", "12:30")):
            (row,) = await TriggerOccurrences(hub.books.database, "two", name).due()
            assert f"{row.scheduled_at:%H:%M}" == moment


async def due(hub: Hub) -> list[Any]:
    return await TriggerOccurrences(hub.books.database, "hourly", "0").due()


async def first_firing(hub: Hub) -> None:
    """Wait until there is a firing that has ended."""
    with hub.notices.subscribe() as subscription:
        page = await hub.books.firings.page(automation="hourly", limit=1)
        if page and page[0].ended_at is not None:
            return
        async for notice in subscription:
            if isinstance(notice, FiringChanged) and notice.state != "running":
                return


async def told(hub: Hub) -> list[str]:
    """The next times as the API has them, once the trigger has made its row."""
    while True:
        (automation,) = (await asked(hub, "automations"))["automations"]
        (trigger,) = automation["triggers"]
        if times := trigger["next_times"]:
            assert len(times) == 10
            return [datetime.fromisoformat(t).strftime("%H:%M") for t in times[:3]]


async def overdue_in(hub: Hub) -> list[dict[str, str]]:
    late: list[dict[str, str]] = (await asked(hub, "status"))["overdue"]
    return late


async def asked(hub: Hub, what: str) -> dict[str, Any]:
    async with (
        aiohttp.ClientSession(hub.address) as session,
        session.get(f"/api/hub/{what}") as response,
    ):
        answer: dict[str, Any] = await response.json()
        return answer
