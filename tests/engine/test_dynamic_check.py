"""The graph check on inputs that depend on the graph, and on types that must agree."""

from typing import Any

import pytest

from hub.engine.catalogue import Catalogue
from hub.engine.check import Checked, check_graph
from hub.engine.findings import find_faults
from tests.engine.dynamic_schemas import SCHEMAS
from tests.engine.recorded_schemas import RecordedFiles
from tests.engine.story import node

CATALOGUE = Catalogue(SCHEMAS, RecordedFiles())
SOURCES = {"i": node("MakeImage"), "m": node("MakeMask"), "t": node("MakeText")}
TWO = {"images.image0": ["i", 0], "images.image1": ["i", 0]}


def check(**nodes: dict[str, Any]) -> Checked:
    return check_graph(SOURCES | nodes, CATALOGUE)


def check_dynamic(**inputs: Any) -> list[dict[str, Any]]:
    """What is wrong with a node of that class."""
    given = {name.replace("__", "."): value for name, value in inputs.items()}
    checked = check(n=node("Dynamic", **{"size": "keep", **given}))
    noted = checked.node_errors.get("n", {"errors": []})
    errors: list[dict[str, Any]] = noted["errors"]
    return errors


def error_types(checked: Checked, name: str) -> list[str]:
    return [error["type"] for error in checked.node_errors[name]["errors"]]


def test_a_graph_that_gives_what_is_required_passes() -> None:
    assert check_dynamic(**TWO) == []
    assert check_dynamic(**TWO, size="factor", size__factor=3) == []
    assert check_dynamic(**TWO, mask=["m", 0], mask__invert=True) == []


def test_of_a_missing_input_the_last_part_is_named() -> None:
    (error,) = check_dynamic(images__image0=["i", 0])
    assert (error["type"], error["details"]) == ("required_input_missing", "image1")
    assert error["extra_info"] == {"input_name": "images.image1"}
    (error,) = check_dynamic(**TWO, size="each")
    assert error["details"] == "side0"
    (error,) = check_dynamic(**TWO, mask=["m", 0])
    assert error["details"] == "invert"


def test_values_below_are_converted_and_checked() -> None:
    (error,) = check_dynamic(**TWO, size="factor", size__factor=9)
    assert (error["type"], error["details"]) == ("value_bigger_than_max", "size.factor")
    inputs = {**TWO, "size": "factor", "size.factor": "3"}
    checked = check(n=node("Dynamic", **inputs))
    assert checked.graph["n"]["inputs"]["size.factor"] == 3
    (error,) = check_dynamic(**TWO, images__image2=["t", 0])
    assert error["type"] == "return_type_mismatch"
    assert error["details"] == ("images.image2, received_type(STRING) mismatch input_type(IMAGE)")


@pytest.mark.parametrize("size", ["halve", ["i", 0]])
def test_only_what_is_offered_may_be_chosen(size: Any) -> None:
    (error,) = check_dynamic(**TWO, size=size)
    assert error["type"] in {"value_not_in_list", "return_type_mismatch"}
    assert error["extra_info"]["input_config"][0] == "COMFY_DYNAMICCOMBO_V3"


def test_types_of_one_template_must_agree() -> None:
    assert check(n=node("Same", one=["i", 0], two=["i", 0])).error is None
    checked = check(n=node("Same", one=["i", 0], two=["m", 0]))
    (error,) = checked.node_errors["n"]["errors"]
    assert error["details"] == "two, received_type(MASK) mismatch input_type(IMAGE)"
    checked = check(n=node("Same", one=["t", 0]))
    (error,) = checked.node_errors["n"]["errors"]
    assert error["details"] == "one, received_type(STRING) mismatch input_type(IMAGE,MASK)"


def test_an_output_has_the_type_of_its_template() -> None:
    chain = {"a": node("Either", one=["i", 0], two=["i", 0]), "b": node("Same", one=["a", 0])}
    assert check(**chain, n=node("TakeImage", image=["b", 0])).outputs == ("b", "n")
    masks = {"a": node("Either", one=["m", 0], two=["m", 0]), "b": node("Same", one=["a", 0])}
    checked = check(**masks, n=node("TakeImage", image=["b", 0]))
    assert checked.outputs == ("b",)
    assert error_types(checked, "n") == ["return_type_mismatch"]


def test_people_are_told_what_is_wrong_with_such_inputs() -> None:
    graph = SOURCES | {"n": node("Dynamic", size="each", **TWO), "s": node("Same", one=["t", 0])}
    messages = [finding.message for finding in find_faults(graph, CATALOGUE).findings]
    assert messages == [
        "INT input 'size.sides.side0' is missing",
        "'one' takes IMAGE,MASK, but output 0 of node t (MakeText) is STRING",
    ]
