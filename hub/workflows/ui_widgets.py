"""Which value of the editor's format belongs to which input.

There the values of a node are a list without names, in the order in which the node's class declares
its inputs; only those that are shown as a field have one. The editor puts a word of its own after
seeds, which says how they change.
"""

from collections.abc import Callable, Iterator
from typing import Any

Describe = Callable[[str], dict[str, Any] | None]
"""What `/object_info` tells of a class; None of an unknown one."""

_FIELDS = {"INT", "FLOAT", "STRING", "BOOLEAN", "COMBO", "COMFY_DYNAMICCOMBO_V3"}
_CHANGES = {"fixed", "increment", "decrement", "randomize"}
_SEEDS = {"seed", "noise_seed"}


def values_of(node: dict[str, Any], described: dict[str, Any] | None) -> dict[str, Any]:
    """The node's values by the names of their inputs."""
    values = node.get("widgets_values") or []
    if isinstance(values, dict):
        return dict(values)
    fields = list(_declared(node, described) if described else _shown(node))
    found = {}
    waiting = list(values)
    for name, changes in fields:
        if not waiting:
            break
        found[name] = waiting.pop(0)
        if changes and waiting and waiting[0] in _CHANGES:
            waiting.pop(0)
    return found


def _declared(node: dict[str, Any], described: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Names of the fields as the class declares them, and whether they may change by themselves.

    What depends on a choice is known to the node alone.
    """
    for section in ("required", "optional"):
        declared = described["input"].get(section, {})
        for name in described.get("input_order", {}).get(section, declared):
            kind, options = declared[name][0], (*declared[name], {})[1] or {}
            if not _is_field(kind, options):
                continue
            yield name, name in _SEEDS or bool(options.get("control_after_generate"))
            if kind == "COMFY_DYNAMICCOMBO_V3":
                yield from (item for item in _shown(node) if item[0].startswith(f"{name}."))


def _is_field(kind: Any, options: dict[str, Any]) -> bool:
    return (isinstance(kind, list) or kind in _FIELDS) and not options.get("forceInput")


def _shown(node: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Names of the fields that the node itself tells of."""
    for item in node.get("inputs") or []:
        if isinstance(item.get("widget"), dict):
            name = str(item["widget"].get("name", item.get("name")))
            yield name, name in _SEEDS
