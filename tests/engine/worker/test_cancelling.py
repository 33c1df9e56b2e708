"""A cancelled attempt stops at the next chance."""

import asyncio
import os

from hub.engine.messages import Cancelled, NodeStarted
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
