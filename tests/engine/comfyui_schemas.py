"""ComfyUI 0.8.0's own classes, declared as its catalogue showed them; also those we do not have."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from hub.nodes.schema import Autogrow, DynamicCombo, Input, Match, Option, Output, Schema

DATA = Path(__file__).parents[1] / "data"
Line = dict[str, str]


def comfyui_schemas() -> list[Schema]:
    """All 446, with the inputs that only exist for some values of others."""
    lines = defaultdict(list)
    for line in _lines("comfyui_node_io.csv"):
        lines[line["class_type"]].append(line)
    return [_schema(node, lines[node["class_type"]]) for node in _lines("comfyui_nodes.csv")]


def _lines(name: str) -> list[Line]:
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _schema(node: Line, lines: list[Line]) -> Schema:
    declared = [line for line in lines if line["section_or_index"] in ("required", "optional")]
    below = [line for line in lines if "/" in line["section_or_index"]]
    return Schema(
        class_type=node["class_type"],
        category=node["category"],
        inputs=tuple(_with_dynamic(_input(line), line, below) for line in declared),
        outputs=tuple(
            Output(type=line["type"], name=line["name"]) for line in lines if line["dir"] == "out"
        ),
        is_output_node=node["output_node"] == "1",
    )


def _with_dynamic(item: Input, line: Line, below: Iterable[Line]) -> Input:
    """An input with those that it brings: lines of sections like `required/when scale width`."""
    hints = dict(flag.split("=", 1) for flag in line["flags"].split(";") if flag)
    template = json.loads(hints.get("template", "{}"))
    brought = [
        (inner["section_or_index"].partition("/when ")[2], _input(inner))
        for inner in below
        if inner["name"].startswith(f"{item.name}.")
    ]
    match item.type:
        case "COMFY_MATCHTYPE_V3":
            return replace(item, match=Match(template["template_id"], template["allowed_types"]))
        case "COMFY_AUTOGROW_V3":
            ((_, each),) = brought
            limits = {"minimum": template["min"], "maximum": template["max"]}
            grows = Autogrow(template=each, prefix=template["prefix"], **limits)
            return replace(item, dynamic=grows)
        case "COMFY_DYNAMICCOMBO_V3":
            keys = tuple(line["options"].split("|"))
            made = tuple(
                Option(key, tuple(inner for when, inner in brought if when == key)) for key in keys
            )
            return replace(item, options=keys, dynamic=DynamicCombo(made))
    return item


def _input(line: Line) -> Input:
    is_choice = line["type"] == "COMBO"
    options = tuple(line["options"].split("|")) if line["options"] else ()
    lists_files = is_choice and options in ((), ("pixel_space",))  # the latter is no VAE's file
    folder = "input" if "upload" in line["flags"] else "models"
    return Input(
        name=line["name"].rpartition(".")[2],
        type=line["type"],
        lazy="lazy=true" in line["flags"],
        optional=line["section_or_index"] == "optional",
        minimum=float(line["min"]) if line["min"] else None,
        maximum=float(line["max"]) if line["max"] else None,
        options=options if is_choice else None,
        folder=folder if lists_files else None,
    )
