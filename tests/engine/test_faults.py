"""Whatever a node does ends as an error of its run that a stranger understands; the next run in the
same hub is fine."""

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from hub.engine.engine import Engine
from hub.records.run import ErrorKind, RunError
from tests.engine.story import Story, job, node, running_engine, until

pytestmark = pytest.mark.asyncio(loop_scope="module")
WORKER = "hub.engine.worker"
HEAVY = {"1": node("Progress", steps=1)}


class Faulty:
    """A hub's engine in which nodes go wrong, one after the other."""

    def __init__(self, engine: Engine, story: Story) -> None:
        self.engine = engine
        self.story = story
        self._numbers = iter(range(1, 1000))

    async def ended(self, graph: dict[str, Any], *targets: str, **marks: Any) -> str:
        """The run, once it has ended."""
        run = f"run{next(self._numbers)}"
        self.engine.submit(job(run, graph, *targets, **marks))
        await self.story.ended(run)
        return run

    async def error(self, how: str, **marks: Any) -> RunError:
        """Of a run whose node goes wrong so; those after it, with and without packs, succeed."""
        run = await self.ended({"1": node("Fault", how=how)}, **marks)
        await self.check_others()
        error = self.story.errors[run]
        assert (error.node, error.node_type) == ("1", "Fault")
        return error

    async def ui(self, how: str) -> dict[str, Any] | None:
        """What the node shows, which gets away with it."""
        run = await self.ended({"1": node("Fault", how=how, number=next(self._numbers))})
        await self.check_others()
        return self.story.nodes[run]["1"].ui

    async def check_others(self) -> None:
        number = next(self._numbers)  # so that nothing comes from the cache
        empty = node("EmptyImage", width=8, height=8, batch_size=1, color=number)
        light = {"1": empty, "2": node("SaveImage", images=["1", 0], filename_prefix="x")}
        for graph in (light, {"1": node("Progress", steps=number)}):
            run = await self.ended(graph, max(graph))
            assert self.story.told[run][-1].startswith("done")
            assert not any(done.cached for done in self.story.nodes[run].values())

    @property
    def pid(self) -> int:
        pid = self.engine.workers[0].pid
        assert pid is not None
        return pid


def is_alive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def faulty(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Faulty]:
    folder = tmp_path_factory.mktemp("hub")
    settings: dict[str, Any] = {"cancel_seconds": 0.1, "memory_limit": 1 << 30}
    async with running_engine(folder, worker_module=WORKER, **settings) as (engine, story):
        yield Faulty(engine, story)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("raise", "it was asked to"),
        ("without words", "WithoutWords, whose own text cannot be made (RuntimeError)"),
        ("key", "KeyError: 'size'"),
        (
            "exit",
            "The node wanted to end the worker (SystemExit: enough), which ends its run alone.",
        ),
        ("ctrl-c", "KeyboardInterrupt"),
        ("base", "of its own"),
        ("deeper", "maximum recursion depth exceeded"),
        ("nothing", "Fault returned a NoneType instead of a NodeOutput of 0 values."),
        ("number", "Fault returned a int instead of a NodeOutput of 0 values."),
        ("generator", "Fault returned a generator instead of a NodeOutput of 0 values."),
        ("too many", "Fault returned 3 values instead of a NodeOutput of 0 values."),
        (
            "remove",
            (
                "It asked for a file a/b.txt, and at its end there is none: it did not write it, or"
                " removed it again."
            ),
        ),
        (
            "endless ui",
            (
                "What it shows (`ui`) cannot be written as JSON: it contains itself, or is nested"
                " without end."
            ),
        ),
        (
            "huge ui",
            "It shows 100 MiB (`ui`), and 16 MiB is the most. What is large belongs into a file.",
        ),
        ("unspeakable ui", "no words"),
        ("progress", "could not convert string to float: 'many'"),
    ],
)
async def test_it_fails_by_itself(faulty: Faulty, how: str, message: str) -> None:
    before = faulty.pid
    error = await faulty.error(how)
    assert (error.kind, error.message) == (ErrorKind.NODE_FAILED, message)
    assert faulty.pid == before


async def test_an_enormous_message_is_cut(faulty: Faulty) -> None:
    message = (await faulty.error("enormous")).message
    assert message.endswith("xxx… (50000000 characters in all)")
    assert len(message) < 5000


async def test_a_traceback_without_end_is_cut(faulty: Faulty) -> None:
    assert len("".join((await faulty.error("deeper")).traceback)) < 10_000


@pytest.mark.parametrize("how", ["memory", "allocate"])
async def test_memory_that_is_refused_is_told_as_such(faulty: Faulty, how: str) -> None:
    error = await faulty.error(how)
    assert error.kind is ErrorKind.OUT_OF_MEMORY
    assert error.message.startswith("Memory ran out: ")
    assert error.message.endswith(
        "Have this run do less at once, such as smaller or fewer pictures."
    )


async def test_what_json_does_not_know_is_shown_as_text(faulty: Faulty) -> None:
    ui = await faulty.ui("odd ui")
    assert ui is not None
    assert ui["odd"][0].startswith("<object object")
    assert ui["odd"][3] == {"1": 2}


async def test_a_flood_of_output_reaches_neither_the_log_nor_anybodys_memory(
    faulty: Faulty,
) -> None:
    with capture_logs() as told:
        assert await faulty.ui("print") is None
    lines = [entry for entry in told if entry["event"].startswith("xxx")]
    assert 100 < len(lines) < 1000
    assert any(entry["event"].startswith("worker writes too much") for entry in told)


async def test_what_a_node_changed_in_the_process_is_as_before_in_the_next_run(
    faulty: Faulty,
) -> None:
    before = await faulty.ui("tell")
    await faulty.ui("change")
    assert await faulty.ui("tell") == before


async def test_threads_that_stay_behind_disturb_nobody(faulty: Faulty) -> None:
    before = faulty.pid
    await faulty.ui("threads")
    assert faulty.pid == before
    os.kill(before, signal.SIGKILL)  # for the sake of the other tests
    await faulty.check_others()


async def test_a_loop_without_end_is_cancelled_by_ending_its_worker(faulty: Faulty) -> None:
    faulty.engine.submit(job("loop", {"1": node("Fault", how="loop")}))
    await faulty.story.until("loop", "begun")
    faulty.engine.cancel("loop")
    assert (await faulty.story.ended("loop"))[-1] == "cancelled 1"
    await faulty.check_others()


async def test_a_crash_tells_where_it_was(faulty: Faulty) -> None:
    error = await faulty.error("segfault", deaths=1)
    assert error.kind is ErrorKind.WORKER_DIED
    assert error.message == (
        "The worker died 2 times while it carried out this run alone, the last time in node 1"
        " (Fault): it crashed (SIGSEGV), which code outside of Python does, such as a library or a"
        " driver. Change the inputs of the node, or update what brings it. The run is not tried"
        " again by itself."
    )
    assert error.traceback[0] == "Fatal Python error: Segmentation fault\n"
    assert any("in string_at" in line for line in error.traceback)


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("os exit", "it ended itself with exit code 3, which a node must not do."),
        ("close", "the node closed files or connections that are not its own"),
    ],
)
async def test_a_worker_that_a_node_ends_is_replaced(faulty: Faulty, how: str, reason: str) -> None:
    error = await faulty.error(how, deaths=1)
    assert error.kind is ErrorKind.WORKER_DIED
    assert f"in node 1 (Fault): {reason}" in error.message


async def test_a_worker_whose_gpu_is_lost_is_replaced(faulty: Faulty) -> None:
    before = faulty.pid
    error = await faulty.error("lost")
    assert (error.kind, error.message) == (
        ErrorKind.NODE_FAILED,
        "CUDA error: device-side assert triggered",
    )
    assert faulty.pid != before


async def test_children_end_with_the_worker_that_left_them_behind(faulty: Faulty) -> None:
    error = await faulty.error("children", deaths=1)
    assert "something killed it (SIGKILL)" in error.message
    said = next(line for line in error.traceback if line.startswith("children:"))
    await until(lambda: not any(is_alive(int(pid)) for pid in said.split()[1:]))


async def test_a_child_that_holds_the_connection_does_not_hold_up_the_hub(faulty: Faulty) -> None:
    error = await faulty.error("detached", deaths=1)
    said = next(line for line in error.traceback if line.startswith("children:"))
    os.kill(int(said.split()[1]), signal.SIGKILL)
    assert "something killed it (SIGKILL)" in error.message


async def test_a_worker_over_its_memory_limit_is_ended(faulty: Faulty) -> None:
    error = await faulty.error("hoard", deaths=1)
    assert error.kind is ErrorKind.OUT_OF_MEMORY
    assert "1.00 GiB are allowed (`engine.memory_limit` in hub.yaml)" in error.message
    assert "carried out node 1 (Fault)" in error.message


async def test_a_node_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"cancel_seconds": 0.1, "node_seconds": 0.5}
    async with running_engine(tmp_path, worker_module=WORKER, **settings) as (engine, story):
        engine.submit(job("long", {"1": node("Fault", how="loop")}))
        assert (await story.ended("long"))[-1] == "failed 1"
        assert story.errors["long"].message == (
            "Node 1 (Fault) has run for more than 0.5 seconds, the most that `engine.node_seconds`"
            " in hub.yaml allows. Give it less to do, or raise that limit."
        )


async def test_a_node_that_waits_for_ever_is_ended_and_the_next_run_begins(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"cancel_seconds": 0.1, "stall_seconds": 0.5}
    async with running_engine(tmp_path, worker_module=WORKER, **settings) as (engine, story):
        engine.submit(job("stuck1", {"1": node("Fault", how="lock")}))
        engine.submit(job("next2", HEAVY))
        assert (await story.ended("stuck1"))[-1] == "failed 1"
        error = story.errors["stuck1"]
        assert (error.node, error.exception_type) == ("1", "Stalled")
        assert error.message.startswith(
            "Node 1 (Fault) has told nothing for more than 0.5 seconds, in which its worker did"
            " nothing at all"
        )
        await story.until("next2", "begun 2")
