"""Conditions as they are written, judged in a situation that a test describes."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hub.automations.conditions.base import Condition, Ruling, Situation
from hub.automations.conditions.condition import AnyCondition
from hub.automations.judging import seen_by_templates
from hub.automations.templates import Templates
from hub.config.documents import Documents
from hub.config.problems import Problems
from hub.config.reader import Reader
from hub.records.event import Event
from hub.testing.clock import ScriptedClock

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)  # a Thursday


class FakeFacts:
    """A hub with two runs in its queue, a gigabyte free, six on its device, one model and one
    automation."""

    def queue_length(self) -> int:
        return 2

    def free_disk(self) -> int:
        return 10**9

    def free_device_memory(self) -> int | None:
        return 6 * 10**9

    def has_model(self, folder: str, name: str) -> bool:
        return (folder, name) == ("checkpoints", "sd15.safetensors")

    def automation_state(self, automation: str) -> str | None:
        return {"upscale": "on"}.get(automation)


def written(folder: Path, text: str) -> Condition:
    """The condition that a piece of YAML means."""
    (folder / "conditions.yaml").write_text(text)
    problems = Problems()
    found = Reader(problems).read(Documents(folder).load(folder / "conditions.yaml"), AnyCondition)
    assert [str(problem) for problem in problems.in_order()] == []
    assert isinstance(found, Condition)
    return found


def mistakes(folder: Path, text: str) -> list[str]:
    """What is told of a piece of YAML that means no condition."""
    (folder / "conditions.yaml").write_text(text)
    problems = Problems()
    Reader(problems).read(Documents(folder).load(folder / "conditions.yaml"), AnyCondition)
    return [str(problem) for problem in problems.in_order()]


async def judged(
    folder: Path,
    text: str,
    *,
    trigger: str = "inbox",
    now: datetime = NOON,
    zone: str = "UTC",
    **variables: Any,
) -> Ruling:
    """What the condition says of an event with these variables."""
    event = Event(
        id="e",
        automation="a",
        trigger=trigger,
        platform="folder",
        key="k",
        observed_at=now,
        variables=variables,
    )
    clock = ScriptedClock(now)
    async with Templates(clock, ZoneInfo(zone)) as templates:
        situation = Situation(
            event=event,
            variables=seen_by_templates(event),
            templates=templates,
            clock=clock,
            zone=ZoneInfo(zone),
            hub=FakeFacts(),
        )
        condition = await asyncio.to_thread(written, folder, text)
        return await condition.judge(situation)
