"""What code of packs is given when it is asked about inputs, before anything runs."""

import inspect
from collections.abc import Awaitable, Iterable, Mapping
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


class Refusal(str):
    """What code of a class has against its inputs, in its own words, with the names of those that
    it looked at; False if it has no words."""

    __slots__ = ("inputs",)
    inputs: tuple[str, ...]


def refused(words: str, inputs: Iterable[str]) -> Refusal:
    refusal = Refusal(words)
    refusal.inputs = tuple(inputs)
    return refusal


def verdict(answer: Any, inputs: Iterable[str]) -> Any:
    """The answer of code that was given those inputs: True, or a `Refusal`; or either later."""
    if inspect.isawaitable(answer):
        return _later(answer, inputs)
    return True if answer is True else refused("" if answer is False else str(answer), inputs)


async def _later(answer: Awaitable[Any], inputs: Iterable[str]) -> Any:
    return verdict(await answer, inputs)


def not_offered(name: str, value: Any, offered: Iterable[Any] | None) -> Refusal | None:
    """What is wrong with a choice among files, as they are now; of several, with the first."""
    if value is None or offered is None:
        return None
    known = list(offered)
    for one in value if isinstance(value, list) else [value]:
        if one is not None and one not in known:
            words = f"Value not in list: {name}: {one!r} is not among the {len(known)} choices."
            return refused(words, (name,))
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
