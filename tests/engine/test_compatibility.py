"""The graph check on other people's workflows, and the page that tells how many can be run."""

import os
from pathlib import Path

import pytest

from hub.engine.comfyui_classes import comfyui_classes
from hub.engine.compatibility import PAGE, Judged, compatibility, judged_workflows
from tests.engine.comfyui_schemas import comfyui_schemas

FOLDER = os.environ.get("HUB_COMPAT_WORKFLOWS")
needs_workflows = pytest.mark.skipif(
    not FOLDER, reason="HUB_COMPAT_WORKFLOWS names no folder of other people's workflows"
)


@pytest.fixture
def workflows() -> list[Judged]:
    assert FOLDER is not None
    return list(judged_workflows(Path(FOLDER)))


def test_the_shipped_names_are_those_of_comfyuis_catalogue() -> None:
    recorded = {schema.class_type: schema.category for schema in comfyui_schemas()}
    assert comfyui_classes() == recorded


@needs_workflows
def test_the_check_says_what_comfyui_said_of_every_workflow(workflows: list[Judged]) -> None:
    schemas = comfyui_schemas()
    of_services = [
        workflow
        for workflow in workflows
        if not workflow.classes <= comfyui_classes().keys() and workflow.verdict != "unknown-class"
    ]
    others = [workflow for workflow in workflows if workflow not in of_services]
    assert len(others) > 10 * len(of_services)
    assert [item.our_verdict(schemas) for item in others] == [item.verdict for item in others]
    assert {item.our_verdict(schemas) for item in of_services} == {"unknown-class"}


@needs_workflows
def test_the_page_is_up_to_date(workflows: list[Judged]) -> None:
    command = 'python -m hub.engine.compatibility "$HUB_COMPAT_WORKFLOWS"'
    assert PAGE.read_text("utf-8") == compatibility(workflows), f"Run {command} and commit {PAGE}."


def test_a_workflow_counts_with_the_verdict_it_had() -> None:
    graph = {
        "1": {"class_type": "LoadImage", "inputs": {"image": "any.png"}},
        "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}},
        "3": {"class_type": "PreviewImage", "inputs": {}},
    }
    lacking = {"1": {"class_type": "NoSuchNode", "inputs": {}}}
    page = compatibility(
        [
            Judged(graph=graph, verdict="partial", models=frozenset()),
            Judged(graph=graph, verdict="valid", models=frozenset()),
            Judged(graph=lacking, verdict="unknown-class", models=frozenset()),
        ]
    )
    assert "| tried | 3 |" in page
    assert "| of these, with the verdict of ComfyUI | 1 of 2 (50%) |" in page
    assert "| `NoSuchNode` | 1 | no |" in page
