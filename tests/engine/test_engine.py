"""Jobs in, reports out: order, room, cancelling; with workers that do no real work."""

import signal
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest

from hub.clock import SystemClock
from hub.config.engine_settings import EngineSettings
from hub.config.folders import Folders
from hub.engine.engine import Engine
from hub.engine.planned_worker import PlannedWorker
from hub.engine.worker_process import WorkerProcess
from hub.testing.clock import ScriptedClock
from tests.engine.story import Story, job, node, running_engine, until
from tests.lacking_worker import ERROR, MODULE, LackingWorker


def light(**inputs: Any) -> dict[str, Any]:
    return {"1": node("SaveImage", **inputs)}


def heavy(**inputs: Any) -> dict[str, Any]:
    return {"1": node("OfSomePack", **inputs)}


async def test_the_first_job_starts_the_workers(tmp_path: Path) -> None:
    folders = Folders(config=tmp_path, data=tmp_path)
    folders.make()
    story = Story()
    module = "hub.testing.worker"
    async with Engine(
        EngineSettings(), folders, story, SystemClock(), worker_module=module
    ) as engine:
        assert [worker.state for worker in engine.workers] == ["not_started"]
        engine.submit(job("a", light()))
        assert await story.ended("a") == ["starting 1", "begun 1", "done 1"]


async def test_a_worker_that_is_not_ready_yet_is_not_waited_for(tmp_path: Path) -> None:
    folders = Folders(config=tmp_path, data=tmp_path)
    plan = PlannedWorker(name="worker", folders=folders)
    worker = await WorkerProcess.start("hub.testing.worker", EngineSettings(), plan)
    assert await worker.end() == -signal.SIGKILL


async def test_a_job_is_started_begun_and_done(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as (engine, story):
        engine.submit(job("a", light()))
        assert await story.ended("a") == ["starting 1", "begun 1", "done 1"]
        assert engine.waiting == 0
        assert engine.workers[0].runs == ()


async def test_order_is_priority_then_position_then_number(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as (engine, story):
        engine.submit(job("block1", heavy(fake="hang")))
        engine.submit(job("block2", heavy(fake="hang")))
        engine.submit(job("third3", heavy(), position=1.0))
        engine.submit(job("second4", heavy(), position=0.5))
        engine.submit(job("fourth5", heavy(), position=1.0))
        engine.submit(job("first6", heavy(), position=9.0, priority=1))
        assert engine.waiting == 4
        await story.until("block2", "begun")
        engine.cancel("block1")
        await story.ended("block1")
        engine.cancel("block2")
        await story.ended("fourth5")
        assert story.order[2:] == ["first6", "second4", "third3", "fourth5"]


async def test_one_more_than_there_is_room_for_is_sent_ahead(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as (engine, _):
        for number in range(5):
            engine.submit(job(f"light{number}", light(fake="hang")))
            engine.submit(job(f"heavy{number}", heavy(fake="hang")))
        held = set(engine.workers[0].runs)
        assert held == {"light0", "light1", "light2", "heavy0", "heavy1"}
        assert engine.waiting == 5


async def test_light_runs_overtake_heavy_ones_that_wait(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as (engine, story):
        for number in range(3):
            engine.submit(job(f"heavy{number}", heavy(fake="hang")))
        engine.submit(job("light9", light()))
        await story.ended("light9")


async def test_runs_go_to_the_worker_with_least_to_do(tmp_path: Path) -> None:
    async with running_engine(tmp_path, workers=2) as (engine, story):
        engine.submit(job("a", light()))
        await story.ended("a")
        await until(lambda: sum(worker.ready for worker in engine.workers) == 2)
        engine.submit(job("b", heavy(fake="hang")))
        engine.submit(job("c", heavy(fake="hang")))
        assert sorted(worker.runs for worker in engine.workers) == [("b",), ("c",)]


async def test_a_waiting_job_is_cancelled_at_once(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as (engine, story):
        for name in ("a", "b", "c"):
            engine.submit(job(name, heavy(fake="hang")))
        assert engine.cancel("c")
        assert story.told["c"] == ["cancelled 0"]
        assert engine.waiting == 0
        assert not engine.cancel("c")


async def test_a_running_job_is_told_to_stop(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as (engine, story):
        engine.submit(job("a", light(fake="hang")))
        await story.until("a", "begun")
        assert engine.cancel("a")
        assert await story.ended("a") == ["starting 1", "begun 1", "cancelled 1"]


async def test_a_worker_that_does_not_heed_is_replaced_and_nobody_is_blamed(
    tmp_path: Path,
) -> None:
    clock = ScriptedClock()
    async with running_engine(tmp_path, clock=clock) as (engine, story):
        before = engine.workers[0].pid
        assert engine.workers[0].ended_at is None
        engine.submit(job("deaf1", light(fake="deaf")))
        engine.submit(job("other2", light(fake="hang")))
        await story.until("other2", "begun")
        engine.cancel("deaf1")
        await until(lambda: clock.sleepers == 2)  # this, and the watch
        await clock.advance(10)
        assert (await story.ended("deaf1"))[-1] == "cancelled 1"
        await story.until("other2", "begun 2")
        assert "interrupted 1 deaths=0 suspect=False" in story.told["other2"]
        worker = engine.workers[0]
        assert (worker.pid != before, worker.ended_at) == (True, clock.now())
        assert worker.ended_why


async def test_an_error_is_passed_on_with_its_details(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as (engine, story):
        engine.submit(job("a", light(fake="fail")))
        await story.ended("a")
        assert story.errors["a"].message == "It was asked to fail."
        assert story.errors["a"].node == "1"


async def test_leaving_ends_the_workers(tmp_path: Path) -> None:
    async with running_engine(tmp_path, workers=2) as (engine, story):
        engine.submit(job("a", light(fake="hang")))
        await story.until("a", "begun")
        pids = [worker.pid for worker in engine.workers if worker.pid]
        assert pids
    assert not any(map(psutil.pid_exists, pids))


async def test_a_worker_that_cannot_start_is_tried_again_ever_more_slowly(tmp_path: Path) -> None:
    clock = ScriptedClock()
    folders = Folders(config=tmp_path, data=tmp_path)
    engine = Engine(EngineSettings(), folders, Story(), clock, worker_module="hub.no_such_module")

    def is_put_off_by(pause: float) -> bool:
        # It may have died while the clock was on its way, so a part of the pause is over already.
        return engine.workers[0].retry_in == pytest.approx(pause, rel=0.1)

    async with engine:
        engine.start_workers()
        for pause in (0.1, 0.2, 0.4):
            await until(partial(is_put_off_by, pause))
            await clock.advance(pause * 0.9)
            assert clock.sleepers == 1
            await clock.advance(pause * 0.2)
        await until(partial(is_put_off_by, 0.8))
        assert not engine.ready.is_set()


async def test_a_worker_that_lacks_something_says_so_and_goes_on_once_it_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking = LackingWorker(tmp_path, monkeypatch)
    folders, story = Folders(config=tmp_path, data=tmp_path), Story()
    folders.make()
    async with Engine(
        EngineSettings(), folders, story, SystemClock(), worker_module=MODULE
    ) as engine:
        engine.submit(job("a", light()))
        assert engine.held_up_by("a") is None  # it comes up for the first time
        await until(lambda: engine.held_up_by("a") is not None)
        reason = engine.held_up_by("a")
        assert str(reason).startswith("worker main cannot start: It ended with exit code 1 before")
        assert f"and said: {ERROR}. Put that right" in str(reason)
        lacking.install()
        assert await story.ended("a") == ["starting 1", "begun 1", "done 1"]
        assert engine.held_up_by("a") is None
        assert engine.workers[0].reason is None
