"""Inputs that depend on the graph reach their classes as dicts."""

from typing import Any

import pytest

from hub.engine.messages import Done
from tests.engine.text_nodes import CALLS
from tests.engine.worker.bench import Bench, node


def grow(**inputs: Any) -> dict[str, Any]:
    texts = {"texts.text0": ["a", 0], "texts.text3": "b"}
    return {
        "a": node("Words", text="x y"),
        "grow": node("Grow", **{"size": "same", **texts, **inputs}),
    }


def test_a_node_is_called_with_dicts_for_each_element_of_a_list(bench: Bench) -> None:
    story = bench.run(grow(size="by", **{"size.by": 2}), "grow")
    size = {"size": "by", "by": 2}
    assert story.shown("grow") == [
        {"text0": "x", "text3": "b"},
        size,
        {"text0": "y", "text3": "b"},
        size,
    ]


def test_what_was_not_declared_is_not_handed_over(bench: Bench) -> None:
    story = bench.run(grow(**{"size.by": 3, "texts.text9": "z"}), "grow")
    assert story.shown("grow")[:2] == [{"text0": "x", "text3": "b"}, {"size": "same"}]


def test_a_class_checks_and_fingerprints_them_too(bench: Bench) -> None:
    story = bench.run(grow(size="by", **{"size.by": -1}), "grow")
    assert "it may only grow" in story.error.message
    assert bench.run(grow(), "grow").cached == set()
    assert bench.run(grow(), "grow").cached == {"a", "grow"}


@pytest.mark.parametrize(("first", "calls"), [("", 1), ("now", 0)])
def test_a_class_asks_for_lazy_ones_by_their_paths(bench: Bench, first: str, calls: int) -> None:
    graph = {
        "a": node("Text", text="later"),
        "first": node("FirstWanted", **{"texts.text0": first, "texts.text1": ["a", 0]}),
        "show": node("Show", text=["first", 0]),
    }
    story = bench.run(graph, "show")
    assert story.end == Done("run1", 1)
    assert story.shown("show") == [first or "later"]
    assert CALLS["later"] == calls


def test_links_may_be_handed_over_as_they_are(bench: Bench) -> None:
    graph = {"a": node("Text", text="x"), "raw": node("RawLinks", **{"texts.text1": ["a", 0]})}
    assert bench.run(graph, "raw").shown("raw") == [{"text1": ["a", 0]}]


def test_an_error_tells_each_of_them(bench: Bench) -> None:
    graph = {"first": node("FirstWanted", **{"texts.text0": "", "texts.text1": ""})}
    error = bench.run(graph | {"show": node("Show", text=["first", 0])}, "show").error
    assert error.inputs == {"texts.text0": [""], "texts.text1": [""]}
