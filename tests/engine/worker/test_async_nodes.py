"""Asynchronous nodes give the thread back and overlap."""

from hub.engine.messages import Done
from tests.engine.worker.bench import Bench, node


async def test_they_are_under_way_at_the_same_time(bench: Bench) -> None:
    graph = {
        "a": node("Later", group="two", number=2),
        "b": node("Later", group="two", number=2),
        "show": node("Show", x=["a", 0], y=["b", 0]),
    }
    graph["b"]["inputs"]["fails"] = False  # not equal to the other, or it would share its answer
    story = await bench.run_async(graph, "show")
    assert story.shown("show") == ["two a", "two b"]


async def test_others_go_on_meanwhile(bench: Bench) -> None:
    graph = {
        "later": node("Later", group="one", number=1),
        "now": node("Text", text="now"),
        "show": node("Show", x=["later", 0], y=["now", 0]),
    }
    story = await bench.run_async(graph, "show")
    assert story.carried_out == ["later", "now", "show"]


async def test_the_calls_of_a_list_are_under_way_at_the_same_time(bench: Bench) -> None:
    graph = {
        "words": node("Words", text="each each"),
        "later": node("Later", group=["words", 0], number=2),
        "show": node("Show", text=["later", 0]),
    }
    assert (await bench.run_async(graph, "show")).shown("show") == ["each later"] * 2


async def test_an_error_ends_the_run_and_stops_the_others(bench: Bench) -> None:
    graph = {
        "bad": node("Later", group="bad", number=1, fails=True),
        "never": node("Later", group="never", number=2),
        "show": node("Show", x=["bad", 0], y=["never", 0]),
    }
    story = await bench.run_async(graph, "show")
    assert (story.error.node, story.error.message) == ("bad", "later")


async def test_a_run_of_plain_nodes_only_takes_one_turn(bench: Bench) -> None:
    story = await bench.run_async({"a": node("Show")}, "a")
    assert story.end == Done("run1", 1)


async def test_a_class_that_cancels_what_it_is_asked_fails_by_itself(bench: Bench) -> None:
    story = await bench.run_async({"a": node("CancelsQuestion", question="check")}, "a")
    assert (story.error.node, story.error.exception_type) == (
        "a",
        "asyncio.exceptions.CancelledError",
    )


async def test_a_fingerprint_that_is_cancelled_is_none(bench: Bench) -> None:
    graph = {"a": node("CancelsQuestion", question="fingerprint")}
    for _ in range(2):
        assert (await bench.run_async(graph, "a")).carried_out == ["a"]
