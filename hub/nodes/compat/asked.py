"""What code of packs is given when it is asked about inputs, before anything runs."""

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from hub.engine.graph import Graph, is_link
from hub.engine.worker.context import NodeContext
from hub.nodes.compat.installed import installed
from hub.nodes.compat.running import running
from hub.nodes.compat.v1_types import type_name


def accepted(code: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those values that a function has parameters for."""
    parameters = inspect.signature(code).parameters
    if any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters.values()):
        return dict(values)
    return {name: value for name, value in values.items() if name in parameters}


def not_offered(name: str, value: Any, offered: Iterable[Any] | None) -> str | None:
    """What is wrong with a choice among files, as they are now; of several, with the first."""
    if value is None or offered is None:
        return None
    known = list(offered)
    for one in value if isinstance(value, list) else [value]:
        if one is not None and one not in known:
            return f"Value not in list: {name}: {one!r} is not among the {len(known)} choices."
    return None


def linked_types() -> dict[str, str]:
    """For each linked input of the running node the type that the link carries."""
    context = running()
    graph = context.graph.nodes if isinstance(context, NodeContext) else {}
    inputs = graph[context.node]["inputs"] if context and graph else {}
    return {name: _output_type(graph, *value) for name, value in inputs.items() if is_link(value)}


def _output_type(graph: Graph, source: str, output: int) -> str:
    kinds = installed().classes[graph[source]["class_type"]].RETURN_TYPES
    return type_name(kinds[int(output)])
