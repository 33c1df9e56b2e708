"""The example configuration works as it is shipped."""

from pathlib import Path
from typing import Any

import pytest

from hub.config.documents import Documents
from hub.config.elements import plain_value
from hub.config.problems import Problems
from hub.config.settings import load_settings
from hub.nodes.registry import builtin_nodes
from hub.workflows.filling import fill
from hub.workflows.workflows import Workflows

_CONFIG = Path(__file__).parents[2] / "config"
_VALUES: dict[str, dict[str, Any]] = {
    "photo": {"photo": "a.jpg", "name": "photos/a", "watermark": "©", "quality": 80},
    "contact_sheet": {"files": '["a.jpg", "b.jpg"]', "title": "Today"},
    "card": {"title": "Hello", "subtitle": "", "body": ""},
}


@pytest.fixture(scope="module")
def shipped() -> Workflows:
    problems = Problems()
    workflows = Workflows.load(Documents(_CONFIG), problems)
    problems.refuse()
    return workflows


def test_the_settings_allow_inbox_and_out() -> None:
    _, folders = load_settings(_CONFIG)
    assert folders.allowed == (_CONFIG / "inbox", _CONFIG / "out")


def test_the_example_names_every_secret_that_the_automations_use() -> None:
    names = plain_value(Documents(_CONFIG).load(_CONFIG / "secrets.example.yaml"))
    used = (_CONFIG / "automations.yaml").read_text("utf-8").split("!secret ")[1:]
    assert {line.split()[0] for line in used} == names.keys()


@pytest.mark.parametrize("name", _VALUES)
def test_each_workflow_can_be_filled(shipped: Workflows, name: str) -> None:
    filled = fill(shipped.get(name), _VALUES[name])
    assert filled.values.keys() >= _VALUES[name].keys()


@pytest.mark.parametrize("name", _VALUES)
def test_each_workflow_fills_every_input_that_its_nodes_need(shipped: Workflows, name: str) -> None:
    nodes = builtin_nodes()
    for definition in shipped.get(name).graph.values():
        schema = nodes[definition["class_type"]].define_schema()
        declared = {item.name: item for item in schema.inputs}
        assert definition["inputs"].keys() <= declared.keys()
        needed = {item.name for item in schema.inputs if not item.optional}
        assert needed <= definition["inputs"].keys()
