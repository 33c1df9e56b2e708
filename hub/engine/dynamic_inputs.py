"""Inputs that depend on the graph: which of them a node has, and how its class is given them.

A graph names them flat, by paths: `images.image0`, or `resize.mode` beside a chosen `resize`. The
check and the executor see a node's schema with all of them as inputs of their own; only for a call
they are put together into dicts. Nesting goes as deep as declared.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from hub.engine.graph import unwrapped
from hub.nodes.schema import Autogrow, DynamicCombo, DynamicSlot, Input, Schema

_ABSENT = object()


def expanded_schema(schema: Schema, given: Mapping[str, Any]) -> Schema:
    """The schema as it is for a node with the inputs `given`."""
    if not schema.is_dynamic:
        return schema
    return replace(schema, inputs=tuple(_expanded(schema.inputs, given)))


def nested(
    declared: Iterable[Input], values: Mapping[str, Any], *, with_paths: bool = False
) -> dict[str, Any]:
    """`values` by the names that a class declares: those of a dynamic input as a dict.

    `with_paths` gives pairs (value, path) in these dicts, by which a class asks for lazy inputs.
    """
    dynamic = {item.name: item for item in declared if item.dynamic}
    named = {name: value for name, value in values.items() if name.split(".")[0] not in dynamic}
    leaves = {path: (value, path) for path, value in values.items()} if with_paths else values
    for name, item in dynamic.items():
        value = _nested(item, name, values, leaves)
        if value is not _ABSENT:
            named[name] = value
    return named


def _expanded(inputs: Iterable[Input], given: Mapping[str, Any]) -> Iterator[Input]:
    for item in inputs:
        match item.dynamic:
            case None:
                yield item
            case Autogrow():
                yield from _expanded(_grown(item, item.dynamic, given), given)
            case DynamicCombo():
                yield item
                chosen = unwrapped(given.get(item.name))
                yield from _expanded(_below(item.name, _brought(item.dynamic, chosen)), given)
            case DynamicSlot(slot, inputs):
                yield replace(item, type=slot)
                if item.name in given:
                    yield from _expanded(_below(item.name, inputs), given)


def _grown(item: Input, grows: Autogrow, given: Mapping[str, Any]) -> Iterator[Input]:
    """Those that are required, and those that are there."""
    template = grows.template
    may_lack = item.optional or template.optional
    for number, name in enumerate(grows.all_names):
        path = f"{item.name}.{name}"
        required = number < grows.minimum and not may_lack
        if required or _is_given(path, template, given):
            lazy = item.lazy or template.lazy
            yield replace(template, name=path, optional=not required, lazy=lazy)


def _is_given(path: str, item: Input, given: Mapping[str, Any]) -> bool:
    if path in given:
        return True
    return item.dynamic is not None and any(name.startswith(f"{path}.") for name in given)


def _below(path: str, inputs: Iterable[Input]) -> Iterator[Input]:
    return (replace(item, name=f"{path}.{item.name}") for item in inputs)


def _brought(combo: DynamicCombo, chosen: Any) -> tuple[Input, ...]:
    """The inputs of the chosen option; none where nothing that is offered was chosen."""
    return next((option.inputs for option in combo.options if option.key == chosen), ())


def _nested(item: Input, path: str, values: Mapping[str, Any], leaves: Mapping[str, Any]) -> Any:
    """The value of one input, for which a dynamic one has a dict; `_ABSENT` if it has none."""
    if isinstance(item.dynamic, Autogrow):
        template = item.dynamic.template
        return {
            name: value
            for name in item.dynamic.all_names
            if _is_given(f"{path}.{name}", template, values)
            and (value := _nested(template, f"{path}.{name}", values, leaves)) is not _ABSENT
        }
    if path not in values:
        return _ABSENT
    if item.dynamic is None:
        return leaves[path]
    if isinstance(item.dynamic, DynamicCombo):
        own = values[path]
        brought = _brought(item.dynamic, own[0] if isinstance(own, list) and own else own)
    else:
        brought = item.dynamic.inputs
    inner = {each.name: _nested(each, f"{path}.{each.name}", values, leaves) for each in brought}
    given = {name: value for name, value in inner.items() if value is not _ABSENT}
    return {path.rpartition(".")[2]: leaves[path], **given}
