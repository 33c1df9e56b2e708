"""Lazy inputs are computed only when their class asks for them."""

from typing import Any

import pytest

from hub.engine.messages import Done
from tests.engine.text_nodes import CALLS
from tests.engine.worker.bench import Bench, node


def choice(first: Any) -> dict[str, Any]:
    return {
        "a": node("Text", text="a"),
        "b": node("Text", text="b"),
        "choose": node("Choose", first=first, one=["a", 0], two=["b", 0]),
        "show": node("Show", text=["choose", 0]),
    }


@pytest.mark.parametrize(("first", "shown"), [(True, "a None"), (False, "None b")])
def test_only_what_is_asked_for_is_carried_out(bench: Bench, first: bool, shown: str) -> None:
    story = bench.run(choice(first), "show")
    assert story.shown("show") == [shown]
    assert len(story.carried_out) == 3
    assert story.cached == set()


def test_what_others_have_computed_need_not_be_asked_for(bench: Bench) -> None:
    graph = choice(True) | {"other": node("Show", text=["b", 0])}
    story = bench.run(graph, "other", "show")
    assert CALLS["b"] == 1
    assert story.shown("show") == ["a b"]


async def test_a_class_may_ask_several_times_and_asynchronously(bench: Bench) -> None:
    graph = choice(True) | {"choose": node("OneByOne", one=["a", 0], two=["b", 0])}
    story = await bench.run_async(graph, "show")
    assert story.carried_out == ["a", "b", "choose", "show"]
    assert story.shown("show") == ["a b"]


def test_without_asking_a_lazy_input_stays_none(bench: Bench) -> None:
    graph = choice(True) | {"choose": node("NeverAsks", one=["a", 0])}
    assert bench.run(graph, "show").shown("show") == ["None"]
    assert CALLS["a"] == 0


def test_each_element_of_a_list_asks_for_itself(bench: Bench) -> None:
    graph = choice(["both", 0]) | {"both": node("Words", text="x y")}
    assert bench.run(graph, "show").shown("show") == ["a None", "a None"]


def test_what_is_asked_for_may_be_in_the_cache(bench: Bench) -> None:
    bench.run({"a": node("Text", text="a"), "show": node("Show", text=["a", 0])}, "show")
    story = bench.run(choice(True), "show")
    assert story.shown("show") == ["a None"]
    assert story.done["a"].cached
    assert CALLS["a"] == 1


def test_an_error_in_what_is_asked_for_is_that_nodes(bench: Bench) -> None:
    graph = choice(True) | {"a": node("Fail")}
    assert bench.run(graph, "show").error.node == "a"


def test_all_of_it_is_served_another_time(bench: Bench) -> None:
    bench.run(choice(True), "show")
    story = bench.run(choice(True), "show")
    assert story.end == Done("run2", 1)
    assert story.carried_out == []
