"""ComfyUI 0.8.0's own classes, declared as its catalogue showed them; also those we do not have."""

import csv
from collections import defaultdict
from pathlib import Path

from hub.nodes.api import Input, Output, Schema

DATA = Path(__file__).parents[1] / "data"
Line = dict[str, str]


def comfyui_schemas() -> list[Schema]:
    """All 446. Inputs that only exist for some values of others are left out."""
    lines = defaultdict(list)
    for line in _lines("comfyui_node_io.csv"):
        lines[line["class_type"]].append(line)
    return [_schema(node, lines[node["class_type"]]) for node in _lines("comfyui_nodes.csv")]


def _lines(name: str) -> list[Line]:
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _schema(node: Line, lines: list[Line]) -> Schema:
    declared = [line for line in lines if line["section_or_index"] in ("required", "optional")]
    return Schema(
        class_type=node["class_type"],
        category=node["category"],
        inputs=tuple(map(_input, declared)),
        outputs=tuple(
            Output(type=line["type"], name=line["name"]) for line in lines if line["dir"] == "out"
        ),
        is_output_node=node["output_node"] == "1",
    )


def _input(line: Line) -> Input:
    is_choice = line["type"] == "COMBO"
    options = tuple(line["options"].split("|")) if line["options"] else ()
    lists_files = is_choice and options in ((), ("pixel_space",))  # the latter is no VAE's file
    folder = "input" if "upload" in line["flags"] else "models"
    return Input(
        name=line["name"],
        type=line["type"],
        optional=line["section_or_index"] == "optional",
        minimum=float(line["min"]) if line["min"] else None,
        maximum=float(line["max"]) if line["max"] else None,
        options=options if is_choice else None,
        folder=folder if lists_files else None,
    )
