"""A schema as ComfyUI's `/object_info` shows it (the view of its first node API)."""

from collections.abc import Callable, Iterable
from typing import Any

from hub.nodes.schema import Autogrow, DynamicCombo, DynamicSlot, Input, Schema

ListFolder = Callable[[str], list[str]]
"""The names of the files in a folder such as `input` or `checkpoints`, as it is now."""

Config = list[Any]
"""The declaration of an input: its type, or its choices, and its options."""


def object_info(schema: Schema, list_folder: ListFolder) -> dict[str, Any]:
    """Everything a client may know about one class.

    Classes of the third node API have every field, with nothing in those that say nothing.
    """
    sections = _sections(schema, list_folder)
    info: dict[str, Any] = {
        "input": sections,
        "input_order": {section: list(inputs) for section, inputs in sections.items()},
        "output": [output.type for output in schema.outputs],
        "output_is_list": [output.is_list for output in schema.outputs],
        "output_name": [output.name for output in schema.outputs],
        "name": schema.class_type,
        "display_name": schema.display_name or (None if schema.is_v3 else schema.class_type),
        "description": schema.description,
        "python_module": schema.module,
        "category": schema.category,
        "output_node": schema.is_output_node,
    }
    further = _further(schema)
    return info | {key: value for key, value in further.items() if value or schema.is_v3}


def input_config(item: Input, list_folder: ListFolder, *, is_v3: bool = False) -> Config:
    """One input's declaration."""
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
    if item.multiselect:
        options["multiselect"] = True
    if item.match is not None:
        options["template"] = {
            "template_id": item.match.template,
            "allowed_types": item.match.allowed,
        }
    options |= _dynamic(item, list_folder) | item.extra
    offered = None if item.dynamic else choices(item, list_folder)
    if is_v3 and item.type == "COMBO":
        shown = {} if offered is None else {"options": offered}
        return [item.type, {"multiselect": item.multiselect, **shown, **options}]
    return [item.type if offered is None else offered, options]


def choices(item: Input, list_folder: ListFolder) -> list[Any] | None:
    """What an input takes: files first, then fixed options. None if it is no choice."""
    if item.folder is not None:
        return [*list_folder(item.folder), *(item.options or ())]
    return None if item.options is None else list(item.options)


def _further(schema: Schema) -> dict[str, Any]:
    """What is told of few classes."""
    tooltips = [output.tooltip for output in schema.outputs]
    matched = [output.match for output in schema.outputs]
    if not schema.is_v3:
        tooltips = [tooltip or "" for tooltip in tooltips]
    return {
        "output_tooltips": tooltips if any(tooltips) else None,
        "output_matchtypes": matched if any(matched) else None,
        "deprecated": schema.is_deprecated,
        "experimental": schema.is_experimental,
        "api_node": schema.is_api_node,
    }


def _dynamic(item: Input, list_folder: ListFolder) -> dict[str, Any]:
    """Which further inputs there may be."""
    match item.dynamic:
        case Autogrow() as grows:
            names = (
                {"names": list(grows.names), "min": grows.minimum}
                if grows.prefix is None
                else {"prefix": grows.prefix, "min": grows.minimum, "max": grows.maximum}
            )
            inputs = _by_section([grows.template], list_folder, is_v3=True)
            return {"template": {"input": inputs, **names}}
        case DynamicCombo(options):
            shown = [
                {"key": option.key, "inputs": _by_section(option.inputs, list_folder, is_v3=True)}
                for option in options
            ]
            return {"options": shown}
        case DynamicSlot(slot, inputs):
            below = _by_section(inputs, list_folder, is_v3=True)
            return {"slotType": slot, "inputs": below}
    return {}


def _sections(schema: Schema, list_folder: ListFolder) -> dict[str, dict[str, Any]]:
    sections = _by_section(schema.inputs, list_folder, is_v3=schema.is_v3)
    if schema.hidden:
        sections["hidden"] = {token.lower(): token.value for token in schema.hidden}
    return sections


def _by_section(
    inputs: Iterable[Input], list_folder: ListFolder, *, is_v3: bool
) -> dict[str, dict[str, Any]]:
    sections: dict[str, dict[str, Any]] = {"required": {}}
    for item in inputs:
        section = sections.setdefault("optional" if item.optional else "required", {})
        section[item.name] = input_config(item, list_folder, is_v3=is_v3)
    return sections
