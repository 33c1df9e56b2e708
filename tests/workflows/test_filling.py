"""Filling: values reach the inputs they belong to, in a copy of the graph."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import Invalid
from hub.workflows.filling import fill
from tests.workflows.graphs import GRAPH, parameter, workflow

_PREFIX = parameter("text")
_PHOTO = parameter("image", node=["1"], input="image", required=True)
_QUALITY = parameter("integer", node=["3", "4"], input="quality", default=85)


def _inputs(graph: dict[str, Any], node: str) -> dict[str, Any]:
    inputs: dict[str, Any] = graph[node]["inputs"]
    return inputs


def test_a_value_reaches_every_node_of_its_parameter() -> None:
    filled = fill(workflow(quality=_QUALITY), {"quality": "90"})
    assert [_inputs(filled.graph, node)["quality"] for node in ("3", "4")] == [90, 90]
    assert filled.values == {"quality": 90}


def test_what_is_not_given_has_its_default_or_stays() -> None:
    filled = fill(workflow(quality=_QUALITY, prefix=_PREFIX), {"prefix": None})
    assert _inputs(filled.graph, "3") == {"images": ["2", 0], "prefix": "a", "quality": 85}
    assert filled.values == {"quality": 85}


@given(st.dictionaries(st.sampled_from(["2.by", "3.prefix", "Bigger.smooth"]), st.booleans()))
def test_the_saved_graph_never_changes(values: dict[str, bool]) -> None:
    saved = workflow()
    try:
        _inputs(fill(saved, values).graph, "2")["by"] = 99
    except Invalid:
        assert "2.by" in values
    assert saved.graph == GRAPH


def test_a_list_is_no_link() -> None:
    points = parameter("object", node=["3"], input="prefix")
    filled = fill(workflow(points=points), {"points": '["1", 0]'})
    assert _inputs(filled.graph, "3")["prefix"] == {"__value__": ["1", 0]}
    assert filled.values == {"points": ["1", 0]}


def test_a_resolution_is_the_width_and_height_of_each_of_its_nodes() -> None:
    saved = workflow(size=parameter("resolution", node=["3", "4"]))
    filled = fill(saved, {"size": [640, 480]})
    assert filled.values == {"size": "640x480"}
    for node in ("3", "4"):
        assert {"width": 640, "height": 480}.items() <= _inputs(filled.graph, node).items()


def test_missing_parameters_are_listed() -> None:
    needed = workflow(photo=_PHOTO, name=parameter("text", required=True), quality=_QUALITY)
    with pytest.raises(Invalid, match=r"Workflow 'bigger' needs photo, name\."):
        fill(needed, {})


def test_a_default_satisfies_a_required_parameter() -> None:
    needed = workflow(name=parameter("text", required=True, default="x"))
    assert fill(needed, {}).values == {"name": "x"}


@pytest.mark.parametrize(
    ("name", "hint"),
    [("qualty", "Did you mean 'quality'?"), ("zzz", "It takes photo, quality.")],
)
def test_an_unknown_parameter_is_refused_with_a_hint(name: str, hint: str) -> None:
    with pytest.raises(Invalid) as error:
        fill(workflow(photo=_PHOTO, quality=_QUALITY), {name: 1})
    assert str(error.value) == f"Workflow 'bigger' has no parameter {name!r}. {hint}"


@pytest.mark.parametrize(
    ("name", "value", "node", "result"),
    [
        ("2.by", "3", "2", 3),
        ("2.by", "1.5", "2", 1.5),
        ("Bigger.by", 4, "2", 4),
        ("2.smooth", "no", "2", False),
        ("3.prefix", 7, "3", "7"),
        ("2.image", ["3", 0], "2", {"__value__": ["3", 0]}),
    ],
)
def test_every_input_of_a_bare_graph_has_an_address(
    name: str, value: Any, node: str, result: Any
) -> None:
    filled = fill(workflow(), {name: value})
    assert _inputs(filled.graph, node)[name.rpartition(".")[2]] == result


@pytest.mark.parametrize(
    ("name", "mistake"),
    [
        ("2.bye", "has no parameter '2.bye'. Did you mean '2.by'?"),
        ("Biger.by", "has no parameter 'Biger.by'. Did you mean 'Bigger.by'?"),
        ("text", "has no parameter 'text'."),
    ],
)
def test_an_address_that_leads_nowhere_is_refused(name: str, mistake: str) -> None:
    with pytest.raises(Invalid) as error:
        fill(workflow(), {name: 1})
    assert mistake in str(error.value)


def test_a_title_that_two_nodes_have_is_refused() -> None:
    twins = workflow()
    twins.graph["4"]["_meta"] = {"title": "Bigger"}
    with pytest.raises(Invalid, match="nodes 2, 4 have that title; use the node's id"):
        fill(twins, {"Bigger.by": 1})


def test_files_are_listed_and_put_in_by_their_stored_names() -> None:
    sheet = parameter("images", node=["3"], input="prefix")
    filled = fill(workflow(photo=_PHOTO, sheet=sheet), {"photo": "in/a.jpg", "sheet": ["b", "c"]})
    assert filled.files == {"photo": ["in/a.jpg"], "sheet": ["b", "c"]}
    before = deepcopy(filled.graph)
    graph = filled.with_files({"photo": ["0a.jpg"], "sheet": ["0b", "0c"]})
    assert before == GRAPH
    assert _inputs(graph, "1")["image"] == "0a.jpg"
    assert _inputs(graph, "3")["prefix"] == "0b\n0c"
