"""Saved workflows: what is in the files, and what is wrong with them."""

import json
from pathlib import Path

import pytest

from hub.config.documents import Documents
from hub.config.problems import Problems
from hub.errors import Invalid, NotFound
from hub.workflows.workflows import Workflows
from tests.config.reading import write
from tests.workflows.graphs import GRAPH

_JSON = json.dumps(GRAPH)


def _load(folder: Path, files: dict[str, str]) -> tuple[Workflows, list[str]]:
    write(folder, {f"workflows/{name}": text for name, text in files.items()})
    problems = Problems()
    workflows = Workflows.load(Documents(folder), problems)
    return workflows, [str(problem) for problem in problems.in_order()]


def test_a_graph_alone_is_a_workflow(tmp_path: Path) -> None:
    workflows, problems = _load(tmp_path, {"bigger.json": _JSON})
    workflow = workflows.get("bigger")
    assert (workflow.title, workflow.graph, workflow.parameters) == ("bigger", GRAPH, {})
    assert problems == []


def test_a_file_beside_it_names_parameters_and_outputs(tmp_path: Path) -> None:
    sidecar = """
title: Make bigger
parameters:
  photo: {node: 1, input: image, type: image}
  quality: {node: [3, 4], input: quality, type: integer}
outputs:
  picture: {node: 3}
"""
    workflows, problems = _load(tmp_path, {"bigger.json": _JSON, "bigger.yaml": sidecar})
    assert problems == []
    workflow = workflows.get("bigger")
    assert workflow.title == "Make bigger"
    assert workflow.parameters["photo"].node == ["1"]
    assert workflow.parameters["quality"].node == ["3", "4"]
    assert workflow.sidecar.outputs["picture"].node == "3"


def test_nodes_of_a_resolution_have_a_width_and_a_height(tmp_path: Path) -> None:
    sidecar = "parameters:\n  size: {node: 2, type: resolution}"
    _, problems = _load(tmp_path, {"bigger.json": _JSON, "bigger.yaml": sidecar})
    place = "workflows/bigger.yaml:2:9: node 2 (Scale) has no "
    assert problems == [f"{place}'width'", f"{place}'height'"]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ('{"1": {', "1:8: this is not JSON: expecting property name enclosed in double quotes"),
        ('{\n  "1": x\n}', "2:8: this is not JSON: expecting value"),
        ("[]", "1:1: this is no workflow in API format: node ids with their nodes"),
        ("{}", "1:1: this is no workflow in API format: node ids with their nodes"),
        ('{"1": {"inputs": {}}}', "1:1: node '1' needs a `class_type` and a mapping of `inputs`"),
        (
            '{"nodes": [], "links": []}',
            (
                "1:1: this is the editor's own format; save it with `Export (API)`, or take it in"
                " with `hub workflows import`"
            ),
        ),
        ("[" * 100_000, "1:1: this is nested too deeply for a workflow"),
    ],
)
def test_a_broken_graph_is_told_at_its_place(tmp_path: Path, text: str, mistake: str) -> None:
    assert _load(tmp_path, {"bad.json": text})[1] == [f"workflows/bad.json:{mistake}"]


def test_a_graph_in_another_encoding_is_told_at_its_place(tmp_path: Path) -> None:
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / "bad.json").write_bytes('{\n"ü": 1}'.encode("latin-1"))
    assert _load(tmp_path, {})[1] == [
        "workflows/bad.json:2:2: this is not UTF-8; save the file in that encoding"
    ]


@pytest.mark.parametrize(
    ("parameter", "mistake"),
    [
        (
            "{node: 9, input: by, type: number}",
            "2:13: the graph has no node '9'; it has 1, 2, 3, 4",
        ),
        (
            "{node: [2, 9], input: by, type: number}",
            "2:17: the graph has no node '9'; it has 1, 2, 3, 4",
        ),
        (
            "{node: 2, input: bye, type: number}",
            "2:23: node 2 (Scale) has no 'bye' (did you mean 'by'?)",
        ),
        (
            "{node: 2, input: by, type: nubmer}",
            (
                "2:33: 'type' must be one of text, prompt, template, integer, number, boolean, "
                "select, seed, color, color_rgb, time, datetime, duration, object, model, lora, "
                "sampler, resolution, folder, image, images, video, mask, media, file, not "
                "'nubmer' (did you mean 'number'?)"
            ),
        ),
        (
            "{node: 2, input: by, type: number, default: big}",
            "2:50: Parameter 'p' must be a number, not 'big'.",
        ),
        (
            "{node: 2, input: by, type: text, max: 2}",
            "2:6: a parameter of type text has neither min nor max",
        ),
        ("{node: [], input: by, type: text}", "2:13: 'node' is empty: list at least one"),
    ],
)
def test_a_mistake_in_a_parameter_is_told_at_its_place(
    tmp_path: Path, parameter: str, mistake: str
) -> None:
    files = {"bigger.json": _JSON, "bigger.yaml": f"parameters:\n  p: {parameter}"}
    assert _load(tmp_path, files)[1] == [f"workflows/bigger.yaml:{mistake}"]


def test_an_output_of_a_missing_node_is_told(tmp_path: Path) -> None:
    files = {"bigger.json": _JSON, "bigger.yaml": "outputs: {picture: {node: 9}}"}
    assert _load(tmp_path, files)[1] == [
        "workflows/bigger.yaml:1:27: the graph has no node '9'; it has 1, 2, 3, 4"
    ]


def test_parameters_without_a_graph_are_told(tmp_path: Path) -> None:
    assert _load(tmp_path, {"lonely.yaml": "title: x"})[1] == [
        "workflows/lonely.json:1:1: the file cannot be read (No such file or directory)"
    ]


def test_a_broken_workflow_leaves_the_others_alone(tmp_path: Path) -> None:
    workflows, problems = _load(tmp_path, {"bad.json": "{", "bigger.json": _JSON})
    assert workflows.names == ["bad", "bigger"]
    assert [workflow.name for workflow in workflows] == ["bigger"]
    with pytest.raises(Invalid) as error:
        workflows.get("bad")
    assert str(error.value) == f"Workflow 'bad' cannot be used: {problems[0]}"


def test_a_workflow_that_is_not_there_is_refused_with_a_hint(tmp_path: Path) -> None:
    workflows, _ = _load(tmp_path, {"bigger.json": _JSON})
    with pytest.raises(NotFound, match=r"There is no workflow 'biger'\. Did you mean 'bigger'"):
        workflows.get("biger")
