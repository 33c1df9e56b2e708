"""How long the work of an automation's actions would take, along the longest way."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hub.automations.durations import Durations
from hub.automations.loading import read_configuration
from hub.automations.planned_work import PlannedWork
from hub.automations.templates import Templates
from hub.clock import SystemClock
from hub.records.run import RunState
from hub.storage.database import Database
from hub.storage.runs import RunRepository
from tests.storage.past_runs import ran

SLOW, QUICK, NEW = (
    f"{{action: workflow.run, data: {{workflow: {name}}}}}" for name in ("slow", "quick", "new")
)


@pytest.fixture
async def durations(tmp_path: Path) -> AsyncIterator[Durations]:
    """Of a history in which `slow` and `quick` have run, and `new` has not."""
    async with Database(tmp_path / "hub.sqlite") as database:
        for number, seconds in enumerate((60, 50, 90)):
            await ran(database, number, "slow", seconds)
        await ran(database, 10, "quick", 10)
        await ran(database, 11, "quick", 0.01, cached=True)
        await ran(database, 12, "quick", 500, state=RunState.FAILED)
        yield Durations(RunRepository(database))


@pytest.mark.parametrize(
    ("actions", "seconds"),
    [
        (f"{SLOW}, {QUICK}, {QUICK}", 80),
        (f"{NEW}", None),
        (f"{{parallel: [{SLOW}, {QUICK}]}}", 70),
        (f'{{if: "{{{{ trigger.x }}}}", then: [{QUICK}], else: [{SLOW}]}}', 60),
        (f'{{if: "{{{{ trigger.x }}}}", then: [{QUICK}], else: [{NEW}]}}', None),
        (f"{{choose: [{{conditions: yes, sequence: [{SLOW}]}}], default: [{QUICK}]}}", 60),
        (f"{{repeat: {{count: 3, sequence: [{QUICK}]}}}}", 30),
        (f'{{repeat: {{for_each: "{{{{ trigger.files }}}}", sequence: [{QUICK}]}}}}', 20),
        (f'{{repeat: {{while: "{{{{ trigger.x }}}}", sequence: [{QUICK}]}}}}', None),
        ('{repeat: {while: "{{ trigger.x }}", sequence: [{stop: x}]}}', 0),
        (SLOW.replace("{action", "{enabled: false, action"), 0),
    ],
)
async def test_the_longest_way_counts(
    tmp_path: Path, durations: Durations, actions: str, seconds: float | None
) -> None:
    (tmp_path / "workflows").mkdir()
    for name in ("slow", "quick", "new"):
        graph = {"1": {"class_type": "EmptyImage", "inputs": {}}}
        (tmp_path / f"workflows/{name}.json").write_text(json.dumps(graph))
    (tmp_path / "hub.yaml").write_text("{}")
    text = f"- {{id: a, triggers: [{{trigger: manual}}], actions: [{actions}]}}"
    (tmp_path / "automations.yaml").write_text(text)
    (automation,) = (await asyncio.to_thread(read_configuration, tmp_path)).automations
    seen = {"trigger": {"x": True, "files": [1, 2]}}
    async with Templates(SystemClock(), ZoneInfo("UTC")) as templates:
        work = PlannedWork(automation.actions, seen, templates, durations)
        assert await work.seconds() == seconds
