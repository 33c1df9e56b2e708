"""A graph in ComfyUI's API format: node id → `{"class_type": …, "inputs": {…}}`.

An input holds a constant, or a link `[source id, output index]`. A list that is no link is wrapped
as `{"__value__": [...]}`.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeGuard

from hub.errors import Invalid

_NUMBER = (int, float)  # a union would be made anew for each of thousands of inputs
_HALF_LETTER = re.compile("[\ud800-\udfff]")
GraphNode = dict[str, Any]
Graph = Mapping[str, GraphNode]


class Link(NamedTuple):
    """An input of a node that takes an output of another."""

    input: str
    source: str
    output: int


class DependencyCycle(Invalid):
    """Nodes wait for each other."""

    def __init__(self, nodes: tuple[str, ...]) -> None:
        self.nodes = nodes
        names = ", ".join(nodes)
        super().__init__(
            f"Nodes {names} depend on each other in a circle. Remove one of the links."
        )


def is_node_id(value: object) -> TypeGuard[str]:
    """Whether it is a text that tables and messages can hold: JSON may have halves of letters."""
    return isinstance(value, str) and not _HALF_LETTER.search(value)


def is_link(value: object) -> TypeGuard[list[Any]]:
    """Whether an input's value is a link: a list of a string and a number."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and isinstance(value[0], str)
        and isinstance(value[1], _NUMBER)
    )


def links(node: GraphNode) -> Iterator[Link]:
    """The links of a node, in the order of its inputs."""
    for name, value in node.get("inputs", {}).items():
        if is_link(value):
            yield Link(name, value[0], value[1])


def sources(graph: Graph, node: str) -> list[str]:
    """The nodes that `node` takes something from, as far as the graph has them."""
    values = graph[node].get("inputs", {}).values()
    return [value[0] for value in values if is_link(value) and value[0] in graph]


def unwrapped(value: Any) -> Any:
    """A constant without its `__value__` wrapper."""
    if isinstance(value, dict) and "__value__" in value:
        return value["__value__"]
    return value


def in_order(
    graph: Graph, targets: Iterable[str], known: Container[str] = ()
) -> dict[str, list[str]]:
    """`targets` and all their ancestors, each after everything it takes something from, with just
    that; without those that are `known`, and what only they lead to.

    Raises `DependencyCycle`.
    """
    order: dict[str, list[str]] = {}
    for target in targets:
        if target not in order and target not in known:
            _visit(graph, target, known, order)
    return order


def _visit(graph: Graph, start: str, known: Container[str], order: dict[str, list[str]]) -> None:
    """Depth first without recursion: a graph may be deeper than Python's stack."""
    taken = {start: sources(graph, start)}  # by the nodes on the path
    path = [(start, iter(taken[start]))]
    while path:
        node, unvisited = path[-1]
        for source in unvisited:
            if source in order or source in known:
                continue
            if source in taken:
                names = list(taken)
                raise DependencyCycle(tuple(names[names.index(source) :]))
            taken[source] = sources(graph, source)
            path.append((source, iter(taken[source])))
            break
        else:
            path.pop()
            order[node] = taken.pop(node)
