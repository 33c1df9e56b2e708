"""Graphs in API format."""

from typing import Any

import pytest

from hub.engine.graph import DependencyCycle, in_order, is_link, links, sources, unwrapped

GRAPH: dict[str, Any] = {
    "save": {"class_type": "S", "inputs": {"image": ["mix", 0], "prefix": "x"}},
    "mix": {"class_type": "M", "inputs": {"a": ["load", 0], "b": ["load", 1]}},
    "load": {"class_type": "L", "inputs": {"name": "x.png"}},
    "other": {"class_type": "L", "inputs": {"gone": ["nowhere", 0]}},
}


@pytest.mark.parametrize("value", [["1", 0], ["12:5", 1], ["1", 0.0]])
def test_a_text_and_a_number_are_a_link(value: list[Any]) -> None:
    assert is_link(value)


@pytest.mark.parametrize("value", ["1", ["1"], ["1", "0"], [1, 0], ["1", 0, 0], ("1", 0), None])
def test_anything_else_is_none(value: object) -> None:
    assert not is_link(value)


def test_links_come_in_the_order_of_inputs() -> None:
    assert [(link.input, link.source, link.output) for link in links(GRAPH["mix"])] == [
        ("a", "load", 0),
        ("b", "load", 1),
    ]


def test_sources_that_are_not_in_the_graph_are_passed_over() -> None:
    assert sources(GRAPH, "other") == []


def test_sources_come_before_their_readers_and_others_not_at_all() -> None:
    assert list(in_order(GRAPH, ["save"])) == ["load", "mix", "save"]


def test_each_comes_with_what_it_takes_something_from() -> None:
    taken = {"load": [], "mix": ["load", "load"], "save": ["mix"]}
    assert in_order(GRAPH, ["save", "mix"]) == taken


def test_what_is_known_is_not_visited_again() -> None:
    assert in_order(GRAPH, ["save", "load"], known={"load"}) == {
        "mix": ["load", "load"],
        "save": ["mix"],
    }


def test_a_cycle_names_its_nodes() -> None:
    graph = GRAPH | {"load": {"class_type": "L", "inputs": {"x": ["mix", 0]}}}
    with pytest.raises(DependencyCycle) as raised:
        in_order(graph, ["save"])
    assert set(raised.value.nodes) == {"mix", "load"}


def test_a_wrapped_constant_is_unwrapped() -> None:
    assert unwrapped({"__value__": ["a", 1]}) == ["a", 1]
    assert unwrapped({"other": 1}) == {"other": 1}
