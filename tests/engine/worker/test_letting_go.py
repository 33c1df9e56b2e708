"""What an attempt leaves behind: only what the cache holds, without a garbage collector."""

import asyncio
import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from weakref import ref

import pytest

from hub.engine.messages import Cancelled, Done, Failed
from hub.engine.worker.policies import Nothing
from tests.engine.thing_nodes import Thing
from tests.engine.waiting_nodes import Later
from tests.engine.worker.bench import Bench, all_classes, node

Graph = dict[str, Any]

PLAIN = {
    "thing": node("Make"),
    "after1": node("CountThings", after=["thing", 0]),
    "after2": node("CountThings", after=["after1", 0]),
    "show": node("Show", x=["after1", 0], y=["after2", 0]),
}
LISTS = {
    "words": node("Words", text="a b c"),
    "things": node("Make", each=["words", 0]),
    "after1": node("CountThings", after=["things", 0]),
    "after2": node("CountThings", after=["after1", 0]),
    "show": node("Show", x=["after1", 0], y=["after2", 0]),
}
LAZY = {
    "thing": node("Make"),
    "choice": node("Choose", first=True, one=["thing", 0], two=["other", 0]),
    "other": node("Fail"),
    "after": node("CountThings", after=["choice", 0]),
    "show": node("Show", y=["after", 0]),
}
EXPANDING = {
    "e": node(
        "Expand",
        graph={
            "__value__": {
                "thing": node("Make"),
                "after1": node("CountThings", after=["thing", 0]),
                "x": node("CountThings", after=["after1", 0]),
            }
        },
        out="x",
    ),
    "show": node("Show", text=["e", 0]),
}
LOOP = {
    "count": node("Count", value=0, until=20, shows=True),
    "show": node("Show", text=["count", 0]),
}
FAILING = {"thing": node("Make"), "bad": node("FailWith", thing=["thing", 0])}
FAILING_INSIDE = {
    "thing": node("Make"),
    "e": node("Expand", graph={"__value__": {"x": node("FailWith", thing=["thing", 0])}}, out="x"),
    "show": node("Show", text=["e", 0]),
}
CANCELLING = {
    "thing": node("Make"),
    "stop": node("CancelItself", thing=["thing", 0]),
    "show": node("Show", text=["stop", 0]),
}
REFUSED = {"thing": node("Make"), "show": node("Show", x=["thing", 0], y=["show", 0])}
ASYNCHRONOUS = {
    "thing": node("Make"),
    "a": node("Later", group="a", number=2, x=["thing", 0]),
    "b": node("Later", group="a", number=2, x=["thing", 0]),
    "show": node("Show", x=["a", 0], y=["b", 0]),
}
FAILING_LATER = {
    "thing": node("Make"),
    "a": node("Later", group="a", number=2, fails=True, x=["thing", 0]),
    "b": node("Later", group="a", number=2, x=["thing", 0]),
    "show": node("Show", x=["a", 0], y=["b", 0]),
}


@pytest.fixture(autouse=True)
def no_garbage_collector() -> Iterator[None]:
    """So that what refers to itself is seen to stay."""
    all_classes()  # which logs an error; pytest keeps its frames
    gc.collect()
    Thing.alive.clear()
    Later.begun.clear()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, policy=Nothing())


@pytest.mark.parametrize(
    ("graph", "counted"),
    [(PLAIN, [1, 0]), (LISTS, 3 * [3, 0]), (LAZY, [0]), (EXPANDING, [0])],
    ids=["plain", "lists", "lazy", "expanding"],
)
def test_a_value_is_let_go_once_its_last_reader_is_done(
    bench: Bench, graph: Graph, counted: list[int]
) -> None:
    assert bench.run(graph, "show").shown("show") == counted
    assert not Thing.alive


@pytest.mark.parametrize(
    ("graph", "target", "end"),
    [
        (PLAIN, "show", Done),
        (LISTS, "show", Done),
        (LAZY, "show", Done),
        (EXPANDING, "show", Done),
        (LOOP, "show", Done),
        (FAILING, "bad", Failed),
        (FAILING_INSIDE, "show", Failed),
        (CANCELLING, "show", Cancelled),
        (REFUSED, "show", Failed),
        ({"pack": node("LikeAPack")}, "pack", Done),
    ],
)
def test_nothing_of_an_attempt_outlives_it(
    bench: Bench, graph: Graph, target: str, end: type
) -> None:
    loop = asyncio.new_event_loop()
    story, execution, _ = bench.prepare(loop, graph, target)
    attempt = execution._attempt
    parts: list[ref[Any]] = [ref(execution), ref(attempt), ref(attempt.graph)]
    del attempt
    assert execution.advance()
    del execution
    loop.close()
    assert isinstance(story.end, end)
    assert [part() for part in parts] == [None, None, None]
    assert not Thing.alive


@pytest.mark.parametrize(("graph", "end"), [(ASYNCHRONOUS, Done), (FAILING_LATER, Failed)])
async def test_nothing_of_an_asynchronous_attempt_outlives_it(
    bench: Bench, graph: Graph, end: type
) -> None:
    loop = asyncio.get_running_loop()
    story, execution, turns = bench.prepare(loop, graph, "show")
    parts: list[ref[Any]] = [ref(execution), ref(execution._attempt)]
    with ThreadPoolExecutor(1) as thread:
        while not await loop.run_in_executor(thread, execution.advance):
            execution = await loop.run_in_executor(thread, turns.get)
        del execution
        await loop.run_in_executor(thread, int)  # until it has begun this, it holds the last call
    await asyncio.sleep(0)  # what was cancelled ends
    assert isinstance(story.end, end)
    assert [part() for part in parts] == [None, None]
    assert not Thing.alive


def test_what_the_cache_holds_is_all_that_is_left(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.run(PLAIN, "show")
    assert len(Thing.alive) == 1
    bench.cache.clear()
    assert not Thing.alive
