"""A cancelled attempt stops at the next chance."""

import asyncio
import os

from hub.engine.messages import Cancelled, NodeStarted
from tests.engine.waiting_nodes import CancelItselfLater, Later
from tests.engine.worker.bench import Bench, node


async def test_what_has_not_begun_is_cancelled_at_once(bench: Bench) -> None:
    story, execution, _ = bench.prepare(asyncio.get_running_loop(), {"a": node("Show")}, "a")
    execution.cancel()
    assert story == [Cancelled("run1", 1)]
    assert execution.advance()
    assert story == [Cancelled("run1", 1)]


async def test_no_further_node_is_begun(bench: Bench) -> None:
    gate = bench.folders.data / "gate"
    os.mkfifo(gate)
    graph = {"a": node("Gate", path=str(gate)), "b": node("Show", text=["a", 0])}
    story, execution, _ = bench.prepare(asyncio.get_running_loop(), graph, "b")
    advancing = asyncio.create_task(asyncio.to_thread(execution.advance))
    opened = await asyncio.to_thread(gate.open, "w")
    execution.cancel()
    opened.close()
    assert await advancing
    assert story.end == Cancelled("run1", 1)
    assert story.carried_out == ["a"]


async def test_a_node_that_asks_stops_in_the_middle(bench: Bench) -> None:
    gate = bench.folders.data / "gate"
    os.mkfifo(gate)
    graph = {"a": node("Forever", path=str(gate))}
    story, execution, _ = bench.prepare(asyncio.get_running_loop(), graph, "a")
    advancing = asyncio.create_task(asyncio.to_thread(execution.advance))
    (await asyncio.to_thread(gate.open, "w")).close()
    execution.cancel()
    assert await advancing
    assert story.end == Cancelled("run1", 1)


async def test_asynchronous_nodes_are_stopped(bench: Bench) -> None:
    graph = {"a": node("Later", group="never", number=2), "b": node("Show", text=["a", 0])}
    story, execution, turns = bench.prepare(asyncio.get_running_loop(), graph, "b")
    assert not await asyncio.to_thread(execution.advance)
    execution.cancel()
    while not await asyncio.to_thread((await asyncio.to_thread(turns.get)).advance):
        pass
    assert story.end == Cancelled("run1", 1)
    assert story[1] == NodeStarted("run1", 1, "a")


async def test_an_asynchronous_node_may_see_it_before_the_execution_does(bench: Bench) -> None:
    graph = {"a": node("Later", group="unseen", number=2), "b": node("Show", text=["a", 0])}
    story, execution, turns = bench.prepare(asyncio.get_running_loop(), graph, "b")
    assert not await asyncio.to_thread(execution.advance)
    while not Later.begun["unseen"]:  # noqa: ASYNC110 - nobody announces that it has begun
        await asyncio.sleep(0)
    execution.cancel()
    execution._cancel_tasks()
    while execution._tasks:  # noqa: ASYNC110 - nobody announces that they have ended
        await asyncio.sleep(0)
    assert (await asyncio.to_thread(turns.get)).advance()
    assert story.end == Cancelled("run1", 1)


async def test_a_node_on_the_loop_that_cancels_its_own_run_is_stopped(bench: Bench) -> None:
    CancelItselfLater.may = asyncio.Event()
    graph = {"a": node("CancelItselfLater")}
    story, execution, turns = bench.prepare(asyncio.get_running_loop(), graph, "a")
    assert not await asyncio.to_thread(execution.advance)
    CancelItselfLater.may.set()
    while not await asyncio.to_thread((await asyncio.to_thread(turns.get)).advance):
        pass
    assert story.end == Cancelled("run1", 1)
