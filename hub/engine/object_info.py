"""A schema as ComfyUI's `/object_info` shows it (the view of its first node API)."""

from collections.abc import Callable
from typing import Any

from hub.nodes.api import Input, Schema

ListFolder = Callable[[str], list[str]]
"""The names of the files in a folder such as `input` or `checkpoints`, as it is now."""


def object_info(schema: Schema, list_folder: ListFolder) -> dict[str, Any]:
    """Everything a client may know about one class."""
    sections = _sections(schema, list_folder)
    info: dict[str, Any] = {
        "input": sections,
        "input_order": {section: list(inputs) for section, inputs in sections.items()},
        "output": [output.type for output in schema.outputs],
        "output_is_list": [output.is_list for output in schema.outputs],
        "output_name": [output.name for output in schema.outputs],
        "name": schema.class_type,
        "display_name": schema.display_name or schema.class_type,
        "description": schema.description,
        "python_module": schema.module,
        "category": schema.category,
        "output_node": schema.is_output_node,
    }
    if any(output.tooltip for output in schema.outputs):
        info["output_tooltips"] = [output.tooltip or "" for output in schema.outputs]
    if schema.is_deprecated:
        info["deprecated"] = True
    if schema.is_experimental:
        info["experimental"] = True
    return info


def input_config(item: Input, list_folder: ListFolder) -> list[Any]:
    """One input's declaration: its type, or its choices, and its options."""
    offered = choices(item, list_folder)
    facts = {
        "default": item.default,
        "min": item.minimum,
        "max": item.maximum,
        "step": item.step,
    }
    options = {key: value for key, value in facts.items() if value is not None}
    if item.lazy:
        options["lazy"] = True
    if item.raw_link:
        options["rawLink"] = True
    return [item.type if offered is None else offered, options | item.extra]


def choices(item: Input, list_folder: ListFolder) -> list[Any] | None:
    """What an input takes: files first, then fixed options. None if it is no choice."""
    if item.folder is not None:
        return [*list_folder(item.folder), *(item.options or ())]
    return None if item.options is None else list(item.options)


def _sections(schema: Schema, list_folder: ListFolder) -> dict[str, dict[str, Any]]:
    sections: dict[str, dict[str, Any]] = {"required": {}}
    for item in schema.inputs:
        section = sections.setdefault("optional" if item.optional else "required", {})
        section[item.name] = input_config(item, list_folder)
    if schema.hidden:
        sections["hidden"] = {token.lower(): token.value for token in schema.hidden}
    return sections
