"""The triggers startup, shutdown, queue_idle, run_finished and manual."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from msgspec.structs import replace

from hub.config.folders import Folders
from hub.errors import Invalid
from hub.records.firing import firing_id
from hub.records.run import Origin, Run, RunState
from hub.testing.clock import ScriptedClock
from hub.testing.folder_context import MemoryTriggerContext
from hub.triggers.base import InputStore, Probe, Trigger, TriggerContext
from hub.triggers.manual import ManualTrigger
from hub.triggers.queue_idle import QueueIdleTrigger
from hub.triggers.run_finished import RunFinishedTrigger
from hub.triggers.shutdown import ShutdownTrigger
from hub.triggers.startup import StartupTrigger


@pytest.fixture
def context() -> MemoryTriggerContext:
    return MemoryTriggerContext(
        clock=ScriptedClock(),
        folders=Folders(config=Path("config"), data=Path("data")),
        probe=cast(Probe, None),
        inputs=cast(InputStore, None),
    )


@asynccontextmanager
async def watching(trigger: Trigger, context: MemoryTriggerContext) -> AsyncIterator[None]:
    """The trigger at work inside the block, which begins once it has nothing more to do."""
    task = asyncio.create_task(trigger.watch(cast(TriggerContext, context)))
    await settled()
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def settled() -> None:
    """Let everybody do what can be done without time passing."""
    for _ in range(30):
        await asyncio.sleep(0)


def seen(context: MemoryTriggerContext) -> list[dict[str, Any]]:
    return [event.variables for event in context.events.values()]


# startup and shutdown


async def test_a_start_fires_once_even_if_the_trigger_begins_again(
    context: MemoryTriggerContext,
) -> None:
    for _ in range(2):
        async with watching(StartupTrigger(), context):
            assert seen(context) == [{"event": "start"}]


async def test_who_comes_after_the_start_has_missed_it(context: MemoryTriggerContext) -> None:
    context.life.is_starting = False
    async with watching(StartupTrigger(), context):
        assert seen(context) == []


async def test_the_end_is_waited_for_until_its_events_are_kept(
    context: MemoryTriggerContext,
) -> None:
    async with watching(ShutdownTrigger(), context):
        assert seen(context) == []
        (event,) = await context.life.stop()
        assert event.variables == {"event": "shutdown"}


async def test_nobody_is_waited_for_where_nobody_takes_part(
    context: MemoryTriggerContext,
) -> None:
    async with watching(ShutdownTrigger(), context):
        pass
    assert await context.life.stop() == []


# queue_idle

IDLE = QueueIdleTrigger(for_=timedelta(minutes=5))


async def pass_time(context: MemoryTriggerContext, minutes: float) -> None:
    assert isinstance(context.clock, ScriptedClock)
    await context.clock.advance(minutes * 60)
    await settled()


async def test_an_idle_period_fires_once(context: MemoryTriggerContext) -> None:
    async with watching(IDLE, context):
        await pass_time(context, 4.9)
        assert seen(context) == []
        await pass_time(context, 60)
        assert [event["for"] for event in seen(context)] == [300.0]


async def test_a_run_in_between_begins_a_new_period(context: MemoryTriggerContext) -> None:
    async with watching(IDLE, context):
        await pass_time(context, 3)
        context.queue.fill()
        await pass_time(context, 30)
        context.queue.empty()
        await settled()
        await pass_time(context, 4)
        assert seen(context) == []
        await pass_time(context, 2)
        assert [event["idle_since"] for event in seen(context)] == ["2026-01-15T12:33:00+00:00"]


async def test_what_it_started_itself_does_not_make_it_fire_again(
    context: MemoryTriggerContext,
) -> None:
    async with watching(IDLE, context):
        await pass_time(context, 6)
        (event,) = context.events.values()
        context.queue.fill(firing_id(event))
        await pass_time(context, 1)
        context.queue.empty()
        await pass_time(context, 60)
        assert len(seen(context)) == 1
        context.queue.fill("of somebody else")
        await settled()
        context.queue.empty()
        await settled()
        await pass_time(context, 6)
        assert len(seen(context)) == 2


# run_finished


def run(context: MemoryTriggerContext, number: int, **facts: Any) -> Run:
    """A run that has just ended, three seconds after it began."""
    now = context.clock.now()
    made = Run(
        number=number,
        id=f"run-{number}",
        state=RunState.SUCCEEDED,
        origin=Origin.API,
        graph={},
        created_at=now,
        started_at=now - timedelta(seconds=3),
        ended_at=now,
    )
    return replace(made, **facts)


def numbers(context: MemoryTriggerContext) -> list[int]:
    return [event["run"]["number"] for event in seen(context)]


async def test_the_end_of_a_run_is_told(context: MemoryTriggerContext) -> None:
    async with watching(RunFinishedTrigger(), context):
        context.runs.end(run(context, 7, workflow="card", parameters={"color": 3}))
        await settled()
        assert seen(context) == [
            {
                "run": {
                    "id": "run-7",
                    "number": 7,
                    "automation": None,
                    "workflow": "card",
                    "status": "succeeded",
                    "tags": [],
                    "outputs": [],
                    "parameters": {"color": 3},
                    "duration": 3.0,
                    "error": None,
                }
            }
        ]


async def test_only_what_is_wanted_is_told(context: MemoryTriggerContext) -> None:
    trigger = RunFinishedTrigger(automation=["a"], workflow=["card"], status=["failed"])
    wanted: dict[str, Any] = {"automation": "a", "workflow": "card", "state": RunState.FAILED}
    async with watching(trigger, context):
        context.runs.end(run(context, 1, **wanted))
        context.runs.end(run(context, 2, **{**wanted, "state": RunState.SUCCEEDED}))
        context.runs.end(run(context, 3, **{**wanted, "workflow": "photo"}))
        context.runs.end(run(context, 4, **{**wanted, "automation": "b"}))
        context.runs.end(run(context, 5, **{**wanted, "automation": None}))
        await settled()
    assert numbers(context) == [1]


async def test_runs_are_picked_by_their_tags(context: MemoryTriggerContext) -> None:
    async with watching(RunFinishedTrigger(tag=["draft", "cover"]), context):
        context.runs.end(run(context, 1, tags=("cover", "large")))
        context.runs.end(run(context, 2, tags=("large",)))
        context.runs.end(run(context, 3))
        await settled()
    assert [event["run"]["tags"] for event in seen(context)] == [["cover", "large"]]


async def test_runs_of_the_automation_itself_do_not_fire_it(
    context: MemoryTriggerContext,
) -> None:
    async with watching(RunFinishedTrigger(), context):
        context.runs.end(run(context, 1, automation="test"))
        context.runs.end(run(context, 2, automation="other"))
        await settled()
    assert numbers(context) == [2]


async def test_what_ended_while_nobody_watched_is_found(context: MemoryTriggerContext) -> None:
    context.runs.end(run(context, 1), missed=True)
    await pass_time(context, 1)
    async with watching(RunFinishedTrigger(), context):
        assert numbers(context) == []  # it ended before the trigger was there
    context.runs.end(run(context, 2), missed=True)
    async with watching(RunFinishedTrigger(), context):
        assert numbers(context) == [2]


async def test_lost_notices_are_made_up_for(context: MemoryTriggerContext) -> None:
    async with watching(RunFinishedTrigger(), context):
        context.runs.end(run(context, 1), missed=True)
        context.runs.lose()
        await settled()
        assert numbers(context) == [1]


async def test_a_run_that_takes_long_is_not_forgotten(context: MemoryTriggerContext) -> None:
    context.runs.open_numbers = [1]
    async with watching(RunFinishedTrigger(), context):
        context.runs.end(run(context, 2))
        context.runs.lose()
        await settled()
    context.runs.open_numbers = []
    context.runs.end(run(context, 1), missed=True)
    async with watching(RunFinishedTrigger(), context):
        assert sorted(numbers(context)) == [1, 2]


# manual

FORM = {
    "prompt": {"required": True},
    "steps": {"type": "integer", "default": 20, "min": 1, "max": 50},
    "style": {"type": "select", "options": ["oil", "ink"]},
    "bright": {"type": "boolean"},
}


def form(**fields: Any) -> ManualTrigger:
    return msgspec.convert({"trigger": "manual", "parameters": fields or FORM}, ManualTrigger)


def test_a_form_gives_values_of_its_types() -> None:
    values = form().filled({"prompt": "a cat", "steps": "30", "style": "ink", "bright": "yes"})
    assert values == {"prompt": "a cat", "steps": 30, "style": "ink", "bright": True}


def test_what_is_not_filled_in_has_its_default() -> None:
    values = form().filled({"prompt": "a cat"})
    assert values == {"prompt": "a cat", "steps": 20, "style": None, "bright": None}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "'prompt' must be filled in"),
        ({"prompt": "x", "steps": 51}, "'steps' must be at most 50"),
        ({"prompt": "x", "steps": "many"}, "'steps' must be a whole number"),
        ({"prompt": "x", "style": "chalk"}, "must be one of oil, ink"),
        ({"prompt": "x", "bright": "perhaps"}, "must be true or false"),
        ({"prompt": "x", "seed": 1}, "no parameter 'seed'"),
    ],
)
def test_what_does_not_fit_is_refused(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        form().filled(given)


def test_a_default_must_fit_too() -> None:
    with pytest.raises(msgspec.ValidationError, match="The `default` must be at most 3"):
        form(steps={"type": "number", "max": 3, "default": 4})
    with pytest.raises(Invalid, match="'size' must be a number, not 'nan'"):
        form(size={"type": "number"}).filled({"size": "nan"})
    with pytest.raises(msgspec.ValidationError, match="`min` is more than `max`"):
        form(steps={"type": "number", "min": 4, "max": 3})
