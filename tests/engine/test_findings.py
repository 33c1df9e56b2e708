"""What is wrong with a graph, in plain words."""

from copy import deepcopy
from typing import Any

import pytest

from hub.engine.findings import Finding, Findings, find_faults
from tests.engine.recorded_schemas import recorded_catalogue
from tests.engine.test_check import GOOD, changed


def find(graph: dict[str, Any]) -> Findings:
    return find_faults(graph, recorded_catalogue())


def only(graph: dict[str, Any]) -> Finding:
    (finding,) = find(graph).findings
    return finding


def test_nothing_is_found_in_a_sound_graph() -> None:
    assert find(GOOD) == Findings(outputs=("9",), findings=())


VALUES: list[tuple[dict[str, Any], str, str]] = [
    ({"steps": 0}, "value_smaller_than_min", "'steps' is 0, but the least is 1"),
    ({"cfg": 101}, "value_bigger_than_max", "'cfg' is 101, but the most is 100.0"),
    ({"steps": "x"}, "invalid_input_type", "'steps' must be INT, not 'x'"),
    (
        {"scheduler": "karras"},
        "value_not_in_list",
        "'scheduler' is 'karras', but takes simple, normal",
    ),
    (
        {"model": ["5", 0]},
        "return_type_mismatch",
        "'model' takes MODEL, but output 0 of node 5 (EmptyLatentImage) is LATENT",
    ),
    (
        {"model": ["4"]},
        "bad_linked_input",
        "'model' is ['4'], which is no link [node, output number]",
    ),
    (
        {"model": ["77", 0]},
        "missing_node",
        "'model' is linked to node '77', which the workflow lacks",
    ),
    (
        {"model": ["4", 3]},
        "missing_output",
        "'model' is linked to output 3 of node 4 (CheckpointLoaderSimple), which has 3",
    ),
]


@pytest.mark.parametrize(("inputs", "kind", "message"), VALUES)
def test_a_wrong_input_is_told_with_what_it_takes(
    inputs: dict[str, Any], kind: str, message: str
) -> None:
    finding = only(changed("3", **inputs))
    assert (finding.type, finding.message) == (kind, message)
    assert (finding.node, finding.class_type, finding.input) == (
        "3",
        "KSampler",
        next(iter(inputs)),
    )


def test_a_long_list_is_cut_and_the_nearest_option_suggested() -> None:
    finding = only(changed("3", sampler_name="Eulr"))
    assert finding.message.endswith(" and 36 more")
    assert finding.suggestion == "euler"


def test_a_missing_model_is_told_with_its_folder() -> None:
    finding = only(changed("4", ckpt_name="smal.safetensors"))
    assert (finding.type, finding.folder) == ("missing_file", "checkpoints")
    assert finding.suggestion == "small.safetensors"
    told = "in the folders for checkpoints; put it into /recorded/models/checkpoints"
    assert finding.message.endswith(f"'smal.safetensors' {told}")


def test_files_that_share_their_ending_alone_are_not_suggested() -> None:
    assert only(changed("4", ckpt_name="other.safetensors")).suggestion is None


def test_a_missing_picture_belongs_in_the_input_folder() -> None:
    graph = changed("9", images=["1", 0])
    graph["1"] = {"class_type": "LoadImage", "inputs": {"image": "cat.png"}}
    finding = only(graph)
    assert (finding.type, finding.folder) == ("missing_file", "input")


def test_a_misspelt_input_is_suggested_for_the_missing_one() -> None:
    graph = deepcopy(GOOD)
    graph["9"]["inputs"]["image"] = graph["9"]["inputs"].pop("images")
    finding = only(graph)
    assert finding.message == "IMAGE input 'images' is missing"
    assert finding.suggestion == "image"


def test_of_many_missing_classes_the_first_have_suggestions() -> None:
    graph = {str(place): {"class_type": f"SaveImag{place}"} for place in range(100)}
    suggested = [each.suggestion for each in find(graph).findings if each.type == "missing_class"]
    assert suggested == ["SaveImage"] * 50 + [None] * 50


def test_missing_classes_hide_nothing_else() -> None:
    graph = changed("3", steps=0)
    graph["8"] |= {"class_type": "VAEDecodeTiled", "_meta": {"title": "Decode"}}
    graph["9"]["class_type"] = "SaveImge"
    result = find(graph)
    assert result.outputs == ()
    built_later, unknown, value = result.findings
    assert (built_later.title, built_later.message) == (
        "Decode",
        "this class of ComfyUI is not built in yet",
    )
    assert unknown.message.startswith("this class is unknown")
    assert unknown.suggestion == "SaveImage"
    assert (value.node, value.type) == ("3", "value_smaller_than_min")


def test_outputs_that_can_be_made_are_named_beside_the_others() -> None:
    graph = deepcopy(GOOD)
    graph["12"] = {"class_type": "SaveImage", "inputs": {"filename_prefix": "x"}, "_meta": 5}
    result = find(graph)
    assert result.outputs == ("9",)
    assert [finding.node for finding in result.findings] == ["12"]


def test_a_graph_that_makes_nothing_is_told_so() -> None:
    finding = only({"5": GOOD["5"]})
    assert (finding.type, finding.node) == ("prompt_no_outputs", None)


def test_a_cycle_is_told_with_its_nodes() -> None:
    finding = only(changed("3", latent_image=["3", 0]))
    assert (finding.type, finding.message) == (
        "cycle",
        "nodes 3 wait for each other; remove one of the links",
    )
