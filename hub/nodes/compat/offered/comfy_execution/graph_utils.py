"""What packs make graphs with that take the place of a node."""

from typing import Any

from hub.engine.graph import is_link as is_link
from hub.nodes.api import ExecutionBlocker as ExecutionBlocker
from hub.nodes.compat.not_yet import not_yet
from hub.nodes.graph_builder import GraphBuilder as GraphBuilder

__getattr__ = not_yet("comfy_execution.graph_utils")


def add_graph_prefix(
    graph: dict[str, dict[str, Any]], outputs: tuple[Any, ...] | list[Any], prefix: str
) -> tuple[dict[str, dict[str, Any]], tuple[Any, ...]]:
    """The graph and what it gives, with the prefix before every id and in every link."""

    def prefixed(value: Any) -> Any:
        return [prefix + value[0], value[1]] if is_link(value) else value

    def node(definition: dict[str, Any]) -> dict[str, Any]:
        inputs = {name: prefixed(value) for name, value in definition["inputs"].items()}
        return definition | {"inputs": inputs}

    return (
        {prefix + id: node(definition) for id, definition in graph.items()},  # noqa: A001 - a node's
        tuple(map(prefixed, outputs)),
    )
