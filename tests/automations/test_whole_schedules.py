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


async def test_what_an_automation_missed_while_it_was_off_is_settled_when_it_is_on_again(
    config: Path,
) -> None:
    async with running(config, NOON, on=True) as hub:
        assert await told(hub) == ["13:00", "14:00", "15:00"]
    async with running(config, NOON + timedelta(hours=3.5), on=False) as hub:
        assert [row.scheduled_at.hour for row in await due(hub)] == [13]
    async with running(config, HALF_PAST_FIVE, on=True) as hub:
        await first_firing(hub)
        (firing,) = await hub.books.firings.page(automation="hourly", limit=10)
        event = await hub.books.events.get(firing.event)
        assert event.variables["scheduled_at"] == "2026-01-15T17:00:00+00:00"
        assert event.variables["missed_count"] == 5
        assert [row.scheduled_at.hour for row in await due(hub)] == [18]
        assert await told(hub) == ["18:00", "19:00", "20:00"]


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
    async with aiohttp.ClientSession(hub.address) as session:
        while True:
            async with session.get("/api/hub/automations") as response:
                (automation,) = (await response.json())["automations"]
            (trigger,) = automation["triggers"]
            if trigger["next_times"]:
                return [datetime.fromisoformat(t).strftime("%H:%M") for t in trigger["next_times"]]
