"""Workers that need too much memory, and whose runs pay for it."""

from pathlib import Path

from hub.engine.engine import Engine
from hub.records.run import ErrorKind
from hub.testing.clock import ScriptedClock
from tests.engine.story import Story, job, node, running_engine, until

HANG = {"1": node("SaveImage", fake="hang")}


async def look(clock: ScriptedClock) -> None:
    """Have the workers looked at, of which none may have any memory."""
    await until(lambda: clock.sleepers == 1)
    await clock.advance(0.25)


async def submit(engine: Engine, story: Story, *runs: str, attempt: int = 1) -> None:
    for run in runs:
        engine.submit(job(run, HANG))
    for run in runs:
        await story.until(run, f"begun {attempt}")


async def test_the_only_run_of_a_worker_fails_at_once(tmp_path: Path) -> None:
    clock = ScriptedClock()
    async with running_engine(tmp_path, clock=clock, memory_limit=1) as (engine, story):
        await submit(engine, story, "a")
        await look(clock)
        assert await story.ended("a") == ["starting 1", "begun 1", "failed 1"]
        assert story.errors["a"].kind is ErrorKind.OUT_OF_MEMORY


async def test_a_run_in_a_used_worker_has_another_try_in_a_new_one(tmp_path: Path) -> None:
    clock = ScriptedClock()
    async with running_engine(tmp_path, clock=clock, memory_limit=1) as (engine, story):
        engine.submit(job("before", {"1": node("SaveImage")}))
        await story.ended("before")
        await submit(engine, story, "a")
        await look(clock)
        await story.until("a", "begun 2")
        await look(clock)
        assert await story.ended("a") == [
            "starting 1",
            "begun 1",
            "interrupted 1 deaths=1 suspect=False",
            "starting 2",
            "begun 2",
            "failed 2",
        ]


async def test_runs_in_company_go_again_alone(tmp_path: Path) -> None:
    clock = ScriptedClock()
    async with running_engine(tmp_path, clock=clock, memory_limit=1) as (engine, story):
        await submit(engine, story, "a1", "b2")
        await look(clock)
        await story.until("a1", "begun 2")
        assert story.told["a1"][2] == "interrupted 1 deaths=0 suspect=True"
        assert story.told["b2"][2:] == ["interrupted 1 deaths=0 suspect=True"]
        await look(clock)
        assert (await story.ended("a1"))[-1] == "failed 2"


async def test_a_worker_with_enough_memory_is_left_alone(tmp_path: Path) -> None:
    clock = ScriptedClock()
    async with running_engine(tmp_path, clock=clock) as (engine, story):
        await submit(engine, story, "a")
        await look(clock)
        await until(lambda: clock.sleepers == 1)
        assert story.told["a"] == ["starting 1", "begun 1"]


async def test_nobody_looks_while_nothing_is_to_be_done(tmp_path: Path) -> None:
    clock = ScriptedClock()
    async with running_engine(tmp_path, clock=clock) as (engine, story):
        engine.submit(job("a", {"1": node("SaveImage")}))
        await story.ended("a")
        await look(clock)
        assert clock.sleepers == 0
