"""The graph check answers as ComfyUI 0.8.0 did."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from hub.engine.check import Checked, check_graph
from hub.engine.input_check import types_match
from tests.engine.recorded_schemas import recorded_catalogue

RECORDED: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "data" / "validation.json").read_text()
)
GOOD = RECORDED["number_as_string_ok"]["prompt"]


def check(graph: dict[str, Any], *targets: str) -> Checked:
    return check_graph(graph, recorded_catalogue(), targets or None)


def changed(node: str, **inputs: Any) -> dict[str, Any]:
    """The good graph with other inputs in one node."""
    graph: dict[str, Any] = deepcopy(GOOD)
    graph[node]["inputs"] |= inputs
    return graph


def error_types(checked: Checked, node: str) -> list[str]:
    return [error["type"] for error in checked.node_errors[node]["errors"]]


@pytest.mark.parametrize("name", RECORDED)
def test_answers_as_recorded(name: str) -> None:
    recorded = RECORDED[name]
    checked = check(recorded["prompt"], *(recorded["targets"] or ()))
    for errors in (checked.node_errors, recorded["node_errors"]):  # their order there is chance
        for node in errors.values():
            node["errors"].sort(key=lambda error: error["type"])
    assert checked.error == recorded["error"]
    assert checked.node_errors == recorded["node_errors"]


def test_constants_are_converted_in_a_copy() -> None:
    graph = changed("3", steps="4", cfg=7, seed=1.9)
    inputs = check(graph).graph["3"]["inputs"]
    assert (inputs["steps"], inputs["cfg"], inputs["seed"]) == (4, 7.0, 1)
    assert isinstance(inputs["cfg"], float)
    assert graph["3"]["inputs"]["steps"] == "4"


def test_limits_are_allowed_values() -> None:
    assert check(changed("3", steps=1, cfg=100.0, seed=2**64 - 1)).error is None


def test_names_the_nodes_of_a_cycle() -> None:
    assert set(check(RECORDED["cycle"]["prompt"]).cycle) == {"10", "11"}


def test_a_link_into_the_void_in_an_output_node_is_its_own_error() -> None:
    checked = check(changed("9", images=["77", 0]))
    (error,) = checked.node_errors["9"]["errors"]
    assert error["type"] == "exception_during_validation"
    assert error["details"] == "'77'"


@pytest.mark.parametrize("link", [["8", -1], ["8", 1], ["8", "0"], ["8", 0.5], [8, 0], [{}, 0]])
def test_a_link_must_lead_to_an_output_that_there_is(link: list[Any]) -> None:
    assert check(changed("9", images=link)).outputs == ()


def test_an_undeclared_link_must_lead_somewhere_too() -> None:
    assert check(changed("9", other=["77", 0])).outputs == ()


def test_a_wrapped_list_is_a_constant_and_keeps_its_wrapper() -> None:
    wrapped = {"__value__": ["4", 0]}
    checked = check(changed("3", model=wrapped))
    assert checked.error is None
    assert checked.graph["3"]["inputs"]["model"] == wrapped


def test_each_failing_output_that_depends_on_a_node_is_listed() -> None:
    graph = changed("3", steps=0)
    graph["12"] = deepcopy(graph["9"])
    assert check(graph).node_errors["3"]["dependent_outputs"] == ["9", "12"]


def test_a_node_whose_source_fails_has_no_error_of_its_own() -> None:
    assert list(check(changed("3", steps=0)).node_errors) == ["3"]


def test_a_class_of_comfyui_that_we_lack_is_told_from_an_unknown_one() -> None:
    error = check({"7": {"class_type": "CLIPVisionLoader", "inputs": {}}}).error
    assert error is not None
    assert error["type"] == "invalid_prompt"
    assert error["message"] == ("Cannot execute because node CLIPVisionLoader is not built in yet.")
    assert error["details"] == "Node ID '#7'"


def test_a_file_name_is_a_text() -> None:
    assert error_types(check(changed("4", ckpt_name=5)), "4") == ["value_not_in_list"]


def test_a_type_that_is_settled_later_fits_every_input() -> None:
    assert types_match("COMFY_MATCHTYPE_V3", "IMAGE")
    assert types_match("MASK", "COMFY_MATCHTYPE_V3")
    assert types_match("IMAGE", "MASK,IMAGE")
    assert not types_match("IMAGE", "MASK")


@pytest.mark.parametrize(
    "graph",
    [
        {"1": 5},
        {"1": {"class_type": ["x"]}},
        {"1": {"inputs": 3}},
        {"\ud800": {"class_type": "SaveImage"}},
    ],
)
def test_what_is_no_node_is_refused(graph: dict[str, Any]) -> None:
    error = check(graph).error
    assert error is not None
    assert error["type"] == "invalid_prompt"


def test_a_node_without_inputs_lacks_its_required_ones() -> None:
    checked = check({"1": {"class_type": "SaveImage"}})
    assert error_types(checked, "1") == ["required_input_missing"] * 2


def test_a_very_deep_graph_is_checked() -> None:
    graph = deepcopy(GOOD)
    last = "8"
    for number in range(2000):
        graph[f"i{number}"] = {"class_type": "ImageInvert", "inputs": {"image": [last, 0]}}
        last = f"i{number}"
    graph["9"]["inputs"]["images"] = [last, 0]
    assert check(graph).outputs == ("9",)


@pytest.mark.parametrize(
    ("received", "wanted", "fits"),
    [
        ("IMAGE", "COMFY_MATCHTYPE_V3", True),
        ("COMFY_MATCHTYPE_V3", "LATENT", True),
        ("IMAGE", "IMAGE,MASK", True),
        ("IMAGE", "*", True),
        ("IMAGE", "MASK", False),
    ],
)
def test_a_switch_carries_any_type(received: str, wanted: str, fits: bool) -> None:
    assert types_match(received, wanted) == fits
