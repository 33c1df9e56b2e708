"""Workers of different kinds: which job goes where, and what waits for what.

The packs are empty files. The worker without torch makes a class of each, with the pack's name.
"""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from hub.config.worker_settings import WorkerSettings
from hub.engine.engine import Engine
from hub.engine.keeper import WorkerStatus
from hub.records.run import ErrorKind
from hub.testing.clock import ScriptedClock
from tests.engine.story import Story, job, node, running_engine, until

ABSENT = "cuda:999"


@asynccontextmanager
async def workers_with(
    folder: Path, *, all_ready: bool = True, **packs: str
) -> AsyncIterator[tuple[Engine, Story]]:
    """Workers by name, each with one pack."""
    lying = folder / "packs"
    lying.mkdir()
    for pack in packs.values():
        (lying / f"{pack}.py").touch()
    kinds = [WorkerSettings(name=name, packs=[pack]) for name, pack in packs.items()]
    async with running_engine(folder, workers=kinds, packs=lying, all_ready=all_ready) as running:
        yield running


def named(engine: Engine, name: str) -> WorkerStatus:
    return next(worker for worker in engine.workers if worker.name == name)


def of(class_type: str, **inputs: Any) -> dict[str, Any]:
    return {"1": node(class_type, **inputs)}


def both() -> dict[str, Any]:
    return {"1": node("A"), "2": node("B")}


async def test_a_run_goes_to_the_worker_that_has_its_pack(tmp_path: Path) -> None:
    async with workers_with(tmp_path, one="A", two="B") as (engine, _):
        for number in range(2):
            engine.submit(job(f"b{number}", of("B", fake="hang")))
        assert named(engine, "two").runs == ("b0", "b1")
        assert named(engine, "one").runs == ()
        assert [worker.primary for worker in engine.workers] == [True, False]
        assert [worker.packs for worker in engine.workers] == [("A",), ("B",)]


async def test_runs_of_built_in_nodes_go_to_any_worker(tmp_path: Path) -> None:
    async with workers_with(tmp_path, one="A", two="B") as (engine, _):
        for number in range(4):
            engine.submit(job(f"light{number}", of("SaveImage", fake="hang")))
        assert [len(worker.runs) for worker in engine.workers] == [2, 2]


async def test_a_run_that_must_wait_holds_up_none_that_others_can_take(tmp_path: Path) -> None:
    async with workers_with(tmp_path, one="A", two="B") as (engine, story):
        for number in range(5):
            engine.submit(job(f"a{number}", of("A", fake="hang")))
        engine.submit(job("b9", of("B")))
        await story.ended("b9")
        assert engine.waiting == 3
        assert engine.held_up == []


async def test_a_run_to_be_alone_keeps_only_a_worker_free_that_can_take_it(tmp_path: Path) -> None:
    async with workers_with(tmp_path, one="A", two="B") as (engine, story):
        engine.submit(job("a1", of("A", fake="hang")))
        engine.submit(job("suspect2", of("A"), suspect=True))
        engine.submit(job("later3", of("A")))
        engine.submit(job("b4", of("B")))
        await story.ended("b4")
        assert named(engine, "one").runs == ("a1",)
        engine.cancel("a1")
        await story.ended("later3")
        assert story.order.index("suspect2") < story.order.index("later3")


async def test_a_run_waits_for_its_worker_to_come_back_and_others_go_on(tmp_path: Path) -> None:
    async with workers_with(tmp_path, one="A", two="B") as (engine, story):
        engine.submit(job("b1", of("B", fake="hang")))
        pid = named(engine, "one").pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await until(lambda: named(engine, "one").reason is not None)
        assert named(engine, "one").reason == "It ended by signal 9."
        engine.submit(job("a2", of("A")))
        (waits,) = engine.held_up
        assert waits.count == 1
        assert waits.reason == "worker one is restarting: It ended by signal 9."
        assert await story.ended("a2") == ["starting 1", "begun 1", "done 1"]
        assert named(engine, "two").runs == ("b1",)
        assert engine.held_up == []


async def test_a_run_that_no_worker_can_take_waits_until_all_have_told_and_fails_then(
    tmp_path: Path,
) -> None:
    async with workers_with(tmp_path, all_ready=False, one="A", two="B") as (engine, story):
        engine.submit(job("both1", both()))
        await story.ended("both1")
        error = story.errors["both1"]
        assert error.kind is ErrorKind.GRAPH_REFUSED
        assert error.message == (
            "It cannot be carried out: no worker has all of its nodes: "
            "node 1 (A of pack A) is in worker one; node 2 (B of pack B) is in worker two."
        )
        engine.submit(job("both2", both()))
        assert story.told["both2"] == ["failed 0"]


async def test_runs_of_a_pack_that_is_gone_fail_when_its_worker_is_back_without_it(
    tmp_path: Path,
) -> None:
    async with workers_with(tmp_path, one="A", two="B") as (engine, story):
        engine.submit(job("a1", of("A", fake="die_once")))
        (tmp_path / "packs" / "A.py").unlink()
        assert (await story.ended("a1"))[-1] == "failed 1"
        assert "node 1 (A) is in none" in story.errors["a1"].message
        engine.submit(job("b2", of("B")))
        await story.ended("b2")


async def test_a_worker_without_its_device_says_so_and_the_others_work(tmp_path: Path) -> None:
    clock = ScriptedClock()
    (tmp_path / "A.py").touch()
    kinds = [
        WorkerSettings(name="gpu", device=ABSENT, packs=["A"]),
        WorkerSettings(name="cpu", device="cpu", packs="none"),
    ]
    async with running_engine(tmp_path, clock=clock, workers=kinds, packs=tmp_path) as running:
        engine, story = running
        await until(lambda: named(engine, "gpu").state == "cannot_start")
        status = named(engine, "gpu")
        assert f"There is no device {ABSENT}" in (status.reason or "")
        assert (status.device, status.ready, status.retry_in) == (ABSENT, False, 0.1)
        engine.submit(job("light1", of("SaveImage")))
        await story.ended("light1")
        engine.submit(job("a2", of("A")))
        assert [waits.count for waits in engine.held_up] == [1]
        assert "worker gpu cannot start: There is no device" in engine.held_up[0].reason


async def test_a_run_goes_where_its_models_are_loaded(tmp_path: Path) -> None:
    async with running_engine(tmp_path, workers=2, all_ready=True) as (engine, story):
        for name in ("x1", "y2"):
            engine.submit(job(name, of("OfSomePack", model=name[0], fake="hang")))
        first = {worker.name: worker.runs for worker in engine.workers}
        for name in ("x1", "y2"):
            engine.cancel(name)
            await story.ended(name)
        for name in ("y3", "x4"):
            engine.submit(job(name, of("OfSomePack", model=name[0], fake="hang")))
        again: dict[tuple[str, ...], tuple[str, ...]] = {("x1",): ("x4",), ("y2",): ("y3",)}
        assert {worker.name: worker.runs for worker in engine.workers} == {
            name: again[runs] for name, runs in first.items()
        }


async def test_an_idle_worker_is_better_than_one_with_the_models(tmp_path: Path) -> None:
    async with running_engine(tmp_path, workers=2, all_ready=True) as (engine, _):
        for name in ("x1", "x2"):
            engine.submit(job(name, of("OfSomePack", model="x", fake="hang")))
        assert sorted(worker.runs for worker in engine.workers) == [("x1",), ("x2",)]


async def test_runs_whose_models_are_loaded_overtake_others_eight_times(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as (engine, story):
        for name in ("x1", "x2"):
            engine.submit(job(name, of("OfSomePack", model="x", fake="hang")))
        engine.submit(job("y3", of("OfSomePack", model="y")))
        for number in range(4, 14):
            engine.submit(job(f"x{number}", of("OfSomePack", model="x")))
        engine.cancel("x1")
        engine.cancel("x2")
        await story.ended("x13")
        assert story.order.index("y3") == 2 + 8


async def test_a_run_of_larger_priority_is_not_overtaken(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as (engine, story):
        for name in ("x1", "x2"):
            engine.submit(job(name, of("OfSomePack", model="x", fake="hang")))
        engine.submit(job("x3", of("OfSomePack", model="x")))
        engine.submit(job("urgent4", of("OfSomePack", model="y"), priority=1))
        engine.cancel("x1")
        engine.cancel("x2")
        await story.ended("x3")
        assert story.order == ["x1", "x2", "urgent4", "x3"]
