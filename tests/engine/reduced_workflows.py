"""Workflows made small: our tiny models, small pictures and few steps."""

from collections.abc import Iterator
from typing import Any

from hub.engine.catalogue import builtin_schemas
from hub.engine.graph import is_link
from hub.engine.models.families import Family
from hub.nodes.schema import Input
from tests.engine.models.tiny_models import UPSCALER, file_name

PHOTO = "photo.png"
SCHEMAS = {schema.class_type: schema for schema in builtin_schemas()}
SMALL = {
    "width": 64,
    "height": 64,
    "steps": 2,
    "batch_size": 1,
    "end_at_step": 2,
    "target_width": 64,
    "target_height": 64,
    "scale_by": 1.5,
    "megapixels": 0.01,
}


def reduced(graph: dict[str, Any], family: Family) -> dict[str, Any]:
    """The same graph for the tiny models of that family, and for `PHOTO` as every input file."""
    return {
        node: {**definition, "inputs": dict(_reduced(graph, family, node))}
        for node, definition in graph.items()
    }


def _reduced(graph: dict[str, Any], family: Family, node: str) -> Iterator[tuple[str, Any]]:
    definition = graph[node]
    schema = SCHEMAS[definition["class_type"]]
    for name, value in definition["inputs"].items():
        if is_link(value):
            yield name, value
        elif file := _file(graph, family, node, schema.input(name)):
            yield name, file
        elif name in SMALL and isinstance(value, int | float):
            yield name, min(value, SMALL[name])
        else:
            yield name, value


def _file(graph: dict[str, Any], family: Family, node: str, declared: Input | None) -> str | None:
    match declared and declared.folder:
        case None:
            return None
        case "input":
            return PHOTO
        case "upscale_models":
            return UPSCALER
        case "checkpoints" if _encodes_for_the_refiner(graph, node):
            return file_name(Family.SDXL_REFINER)
    return file_name(family)


def _encodes_for_the_refiner(graph: dict[str, Any], node: str) -> bool:
    """Whether a checkpoint's text encoder is read, maybe through others, for the refiner."""
    readers = {
        other: definition["class_type"]
        for other, definition in graph.items()
        if any(is_link(value) and value[0] == node for value in definition["inputs"].values())
    }
    return "CLIPTextEncodeSDXLRefiner" in readers.values() or any(
        _encodes_for_the_refiner(graph, other)
        for other, class_type in readers.items()
        if class_type == "CLIPSetLastLayer"
    )
