import csv
import inspect
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from hub.errors import Conflict
from hub.nodes.api import Input, Node
from hub.nodes.filters import ImageInvert
from hub.nodes.registry import builtin_nodes, by_class_type

DATA = Path(__file__).parents[1] / "data"
NODES = builtin_nodes()
Facts = list[dict[str, str]]


def facts(name: str) -> list[tuple[str, Facts]]:
    """Recorded lines by class type."""
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        groups = groupby(csv.DictReader(file), lambda line: line["class_type"])
        return [(class_type, list(lines)) for class_type, lines in groups]


def number(text: str) -> float | None:
    return float(text) if text else None


def declared(item: Input) -> dict[str, Any]:
    """What the recorded facts say about an input, from our declaration."""
    return {
        "name": item.name,
        "type": item.type,
        "section": "optional" if item.optional else "required",
        "minimum": item.minimum,
        "maximum": item.maximum,
        "step": item.step,
        "options": item.options or (),
        "uploads": {key for key in item.extra if key.endswith("_upload")},
        "display": item.extra.get("display", ""),
    }


def recorded(line: dict[str, str]) -> dict[str, Any]:
    flags = dict(flag.split("=", 1) for flag in line["flags"].split(";") if flag)
    return {
        "name": line["name"],
        "type": line["type"],
        "section": line["section_or_index"],
        "minimum": number(line["min"]),
        "maximum": number(line["max"]),
        "step": number(line["step"]),
        "options": tuple(line["options"].split("|")) if line["options"] else (),
        "uploads": {key for key in flags if key.endswith("_upload")},
        "display": flags.get("display", "").strip('"'),
    }


def default_of(line: dict[str, str]) -> Any:
    """A recorded default; of a choice without one, forms take the first option."""
    if line["options"]:
        return line["default"] or line["options"].split("|")[0]
    if not line["default"]:
        return None
    kinds: dict[str, Callable[[str], Any]] = {
        "INT": int,
        "FLOAT": float,
        "STRING": str,
        "BOOLEAN": "true".__eq__,
    }
    return kinds[line["type"]](line["default"])


@pytest.mark.parametrize(("class_type", "lines"), facts("comfyui_node_io.csv"))
def test_inputs_and_outputs_are_those_of_comfyui(class_type: str, lines: Facts) -> None:
    schema = NODES[class_type].define_schema()
    hidden = [line["type"] for line in lines if line["section_or_index"] == "hidden"]
    inputs = [
        line for line in lines if line["dir"] == "in" and line["section_or_index"] != "hidden"
    ]
    outputs = [(line["name"], line["type"]) for line in lines if line["dir"] == "out"]
    assert [declared(item) for item in schema.inputs] == [recorded(line) for line in inputs]
    assert [item.default for item in schema.inputs] == [default_of(line) for line in inputs]
    assert [(item.name, item.type) for item in schema.outputs] == outputs
    assert [token.value for token in schema.hidden] == hidden


@pytest.mark.parametrize(("class_type", "lines"), facts("comfyui_nodes.csv"))
def test_names_and_places_are_those_of_comfyui(class_type: str, lines: Facts) -> None:
    (line,) = lines
    schema = NODES[class_type].define_schema()
    assert schema.category == line["category"]
    assert schema.display_name == line["display_name"]
    assert schema.is_output_node == (line["output_node"] == "1")
    assert schema.is_deprecated == ("deprecated" in line["flags"])
    assert schema.module == line["file"].removesuffix(".py").replace("/", ".")


@pytest.mark.parametrize("class_type", NODES)
def test_every_node_is_light_and_says_what_it_does(class_type: str) -> None:
    schema = NODES[class_type].define_schema()
    assert schema.class_type == class_type
    assert schema.light
    assert schema.display_name
    assert schema.description.endswith(".")


@pytest.mark.parametrize("class_type", NODES)
def test_execute_takes_exactly_what_the_schema_declares(class_type: str) -> None:
    node, schema = NODES[class_type], NODES[class_type].define_schema()
    parameters = inspect.signature(node.execute).parameters
    hidden = [token.lower() for token in schema.hidden]
    assert set(parameters) == {item.name for item in schema.inputs} | set(hidden)
    for item in schema.inputs:
        expected = item.default if item.optional else inspect.Parameter.empty
        assert parameters[item.name].default == expected


def test_two_classes_of_one_name_are_refused() -> None:
    class Impostor(Node):
        define_schema = ImageInvert.define_schema

    with pytest.raises(Conflict, match=r"'ImageInvert' is declared by .* Rename one"):
        by_class_type((ImageInvert, Impostor))
