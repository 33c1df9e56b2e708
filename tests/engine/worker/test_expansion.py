"""Nodes that expand to a graph, which is carried out in their place."""

from pathlib import Path
from typing import Any

import pytest

from hub.engine.messages import Done, NodeDone, NodeStarted, Progress
from hub.engine.worker.policies import Nothing
from hub.nodes.graph_builder import GraphBuilder
from hub.records.run import ErrorKind
from tests.engine.worker.bench import Bench, Story, node


def count(until: int, **more: Any) -> dict[str, Any]:
    return {
        "count": node("Count", value=0, until=until, **more),
        "show": node("Show", text=["count", 0]),
    }


def expand(bench: Bench, graph: Any, out: str = "x") -> Story:
    """Expand to `graph`, and show its node `out`."""
    nodes = {
        "e": node("Expand", graph={"__value__": graph}, out=out),
        "show": node("Show", text=["e", 0]),
    }
    return bench.run(nodes, "show")


def test_what_it_expands_to_gives_its_outputs(bench: Bench) -> None:
    story = bench.run(count(1), "show")
    assert story.shown("show") == [1]
    inner = [done for done in story if isinstance(done, NodeDone) and done.display]
    assert [done.node for done in inner] == ["count.1.1", "count.1.2"]


def test_what_happens_inside_is_told_of_the_node_that_expanded(bench: Bench) -> None:
    story = expand(bench, {"x": node("Progress", steps=2), "y": node("Text", text="y")}, "y")
    started = {message.node for message in story if isinstance(message, NodeStarted)}
    progress = {message.node for message in story if isinstance(message, Progress)}
    assert started == {"e", "show"}
    assert progress == {"e"}
    assert story.done["x"].display == "e"


def test_a_node_inside_may_be_shown_elsewhere(bench: Bench) -> None:
    inner = node("Text", text="x") | {"override_display_id": "show"}
    assert expand(bench, {"x": inner}).done["x"].display == "show"


def test_a_loop_may_be_longer_than_the_stack_is_deep(bench: Bench) -> None:
    assert bench.run(count(1500), "show").shown("show") == [1500]


def test_output_nodes_inside_are_carried_out_each_time(bench: Bench) -> None:
    graph = count(3, shows=True)
    bench.run(graph, "show")
    story = bench.run(graph, "show")
    inside = [done for done in story.done.values() if done.display and done.ui]
    assert [done.ui for done in inside] == [{"text": [1]}, {"text": [2]}, {"text": [3]}]
    assert all(done.cached for done in inside)


def test_without_output_nodes_inside_it_is_served_from_the_cache(bench: Bench) -> None:
    bench.run(count(3), "show")
    story = bench.run(count(3), "show")
    assert story.cached == {"count", "show"}
    assert story.carried_out == []


def test_every_call_of_a_list_may_expand(bench: Bench) -> None:
    graph = {
        "words": node("Words", text="a bb"),
        "lengths": node("Length", text=["words", 0]),
        "count": node("Count", value=["lengths", 0], until=2),
        "show": node("Show", text=["count", 0]),
    }
    assert bench.run(graph, "show").shown("show") == [2, 2]


def test_links_lead_out_of_the_expansion_too(bench: Bench) -> None:
    nodes = {
        "a": node("Text", text="a"),
        "e": node(
            "Expand",
            graph={"__value__": {"x": node("Text", text=["a", 0], more="!")}},
            out="x",
            value=["a", 0],
        ),
        "show": node("Show", text=["e", 0]),
    }
    story = bench.run(nodes, "show")
    assert story.shown("show") == ["a!"]
    assert story.carried_out.count("a") == 1


@pytest.mark.parametrize(
    ("graph", "out", "words"),
    [
        ({"x": node("Nowhere")}, "x", "This worker has no node class 'Nowhere'"),
        ({"x": node("Text", text=["gone", 0])}, "x", "'gone'"),
        ({"x": node("Text", text="x")}, "gone", "'gone'"),
        ({"x": {"inputs": {}}}, "x", "lacks class_type"),
        ({"show": node("Text", text="x")}, "show", "already"),
        ("no graph", "x", "no mapping"),
        ({"\ud800": node("Text", text="x")}, "\ud800", "no id of a node"),
        ({"x": node("Text", text="x") | {"override_display_id": 1}}, "x", "no id of a node"),
    ],
)
def test_a_bad_expansion_is_that_nodes_error(
    bench: Bench, graph: Any, out: str, words: str
) -> None:
    error = expand(bench, graph, out).error
    assert (error.kind, error.node, error.node_type) == (ErrorKind.NODE_FAILED, "e", "Expand")
    assert words in error.message


def test_an_error_inside_is_that_of_the_node_that_expanded(bench: Bench) -> None:
    error = expand(bench, {"x": node("Fail")}).error
    assert (error.node, error.node_type, error.message) == ("e", "Expand", "it was asked to")


def test_waiting_for_oneself_is_an_error(bench: Bench) -> None:
    error = expand(bench, {"x": node("Text", text=["e", 0])}).error
    assert error.exception_type == "graph.DependencyCycleError"


@pytest.mark.parametrize("repeats", [1, 3])
def test_values_inside_are_let_go_once_they_are_read(tmp_path: Path, repeats: int) -> None:
    inner = {
        "thing": node("Make"),
        "after1": node("CountThings", after=["thing", 0]),
        "x": node("CountThings", after=["after1", 0]),
    }
    nodes = {
        "e": node("Expand", graph={"__value__": inner}, out="x"),
        "show": node("Show", text=["e", 0]),
    }
    bench = Bench(tmp_path, policy=Nothing())
    for _ in range(repeats):
        assert bench.run(nodes, "show").shown("show") == [0]


def test_the_builder_names_changes_and_removes_nodes() -> None:
    graph = GraphBuilder("p.")
    first = graph.node("Text", text="a")
    second = graph.node("Text", id="named", text=first.out(0), more=None)
    assert graph.lookup_node("named") is second
    graph.replace_node_output("1", 0, "b")
    graph.remove_node("1")
    second.set_input("more", "!")
    inputs = {"text": "b", "more": "!"}
    assert graph.finalize() == {"p.named": {"class_type": "Text", "inputs": inputs}}
    assert graph.node("Text").id == "p.2"
    graph.replace_node_output("2", 0, None)


def test_a_run_that_expands_ends_well(bench: Bench) -> None:
    assert bench.run(count(2), "show").end == Done("run1", 1)


def test_what_is_shown_deep_inside_is_shown_each_time_whatever_is_kept_beside_it(
    bench: Bench,
) -> None:
    inner = {
        "counting": node("Count", value=0, until=2, shows=True),
        "kept": node("AddOne", value=["counting", 0]),
    }
    for _ in range(3):
        story = expand(bench, inner, "kept")
        assert story.shown("show") == [3]
        inside = [done.ui for done in story.done.values() if done.display and done.ui]
        assert inside == [{"text": [1]}, {"text": [2]}]


def test_the_class_of_a_node_inside_is_told(bench: Bench) -> None:
    story = bench.run(count(1), "show")
    told = {done.node: done.class_type for done in story.done.values()}
    assert told == {"count": None, "count.1.1": "AddOne", "count.1.2": "Count", "show": None}
