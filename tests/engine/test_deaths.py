"""What becomes of runs whose worker dies."""

import os
import signal
from pathlib import Path

from hub.engine.engine import Engine
from hub.records.run import ErrorKind
from tests.engine.story import job, node, running_engine


def kill(engine: Engine) -> None:
    """As the kernel does when memory runs out."""
    pid = engine.workers[0].pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


async def test_a_death_alone_counts_and_the_run_goes_again(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as (engine, story):
        engine.submit(job("a", {"1": node("SaveImage", fake="die_once")}))
        assert await story.ended("a") == [
            "starting 1",
            "begun 1",
            "interrupted 1 deaths=1 suspect=False",
            "starting 2",
            "begun 2",
            "done 2",
        ]


async def test_two_deaths_alone_end_the_run(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as (engine, story):
        engine.submit(job("a", {"1": node("SaveImage", fake="die")}))
        assert (await story.ended("a"))[-1] == "failed 2"
        assert story.errors["a"].kind is ErrorKind.WORKER_DIED
        assert "died 2 times" in story.errors["a"].message


async def test_a_death_from_before_counts(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as (engine, story):
        engine.submit(job("a", {"1": node("SaveImage", fake="die")}, attempt=4, deaths=1))
        assert await story.ended("a") == ["starting 5", "begun 5", "failed 5"]


async def test_deaths_in_company_make_suspects_that_go_again_alone(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as (engine, story):
        engine.submit(job("a1", {"1": node("SaveImage", fake="hang")}))
        await story.until("a1", "begun")
        engine.submit(job("b2", {"1": node("SaveImage", fake="die_once")}))
        await story.until("a1", "begun 2")
        assert story.told["b2"][2:] == ["interrupted 1 deaths=0 suspect=True"]
        assert engine.workers[0].runs == ("a1",)
        engine.cancel("a1")
        assert (await story.ended("b2"))[-1] == "done 2"


async def test_nothing_overtakes_a_suspect_for_ever(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as (engine, story):
        engine.submit(job("running1", {"1": node("SaveImage", fake="hang")}))
        engine.submit(job("suspect2", {"1": node("SaveImage", fake="hang")}, suspect=True))
        engine.submit(job("later3", {"1": node("SaveImage")}))
        await story.until("running1", "begun")
        assert engine.workers[0].runs == ("running1",)
        engine.cancel("running1")
        await story.until("suspect2", "begun")
        assert engine.workers[0].runs == ("suspect2",)
        engine.cancel("suspect2")
        await story.ended("later3")


async def test_what_had_not_begun_goes_again_unmarked(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as (engine, story):
        engine.submit(job("a1", {"1": node("OfSomePack", fake="die_once")}))
        engine.submit(job("ahead2", {"1": node("OfSomePack")}))
        assert await story.ended("ahead2") == [
            "starting 1",
            "interrupted 1 deaths=0 suspect=False",
            "starting 2",
            "begun 2",
            "done 2",
        ]


async def test_a_cancelled_run_is_not_tried_again(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as (engine, story):
        engine.submit(job("deaf1", {"1": node("SaveImage", fake="deaf")}))
        await story.until("deaf1", "begun")
        engine.cancel("deaf1")
        engine.submit(job("b2", {"1": node("SaveImage", fake="die_once")}))
        assert await story.ended("deaf1") == ["starting 1", "begun 1", "cancelled 1"]


async def test_what_is_said_of_other_attempts_or_by_other_boots_is_dropped(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as (engine, story):
        engine.submit(job("a", {"1": node("SaveImage", fake="lie")}))
        engine.submit(job("b", {"1": node("SaveImage")}))
        await story.ended("b")
        assert story.told["a"] == ["starting 1", "begun 1"]
        engine.cancel("a")
        assert (await story.ended("a"))[-1] == "cancelled 1"


async def test_a_worker_that_tells_what_cannot_be_read_is_ended(tmp_path: Path) -> None:
    async with running_engine(tmp_path) as (engine, story):
        engine.submit(job("a", {"1": node("SaveImage", fake="garble")}))
        assert (await story.ended("a"))[-1] == "failed 2"
        assert "it told what the hub cannot read" in story.errors["a"].message
        engine.submit(job("b", {"1": node("SaveImage")}))
        assert (await story.ended("b"))[-1] == "done 1"
