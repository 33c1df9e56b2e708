"""The instances of packs' classes: one per node id and class, kept from run to run."""

from typing import Any


class Instances:
    """Instances live as long as the graph has their node, so that what they keep in `self` does.

    With the first call of another graph those are let go whose node it does not have; the nodes
    that expansion makes (`12.0.0.1`) go with the node that made them. Only the execution thread
    asks, which has one graph at a time.
    """

    def __init__(self) -> None:
        self._graph: dict[str, Any] | None = None
        self._kept: dict[tuple[str, type[Any]], Any] = {}

    def of(self, pack_class: type[Any], node: str, graph: dict[str, Any]) -> Any:
        """The instance for a node; made if there is none."""
        if graph is not self._graph:
            self._graph = graph
            self._kept = {key: kept for key, kept in self._kept.items() if _has(graph, key[0])}
        key = (node, pack_class)
        if key not in self._kept:
            self._kept[key] = pack_class()
        return self._kept[key]


def _has(graph: dict[str, Any], node: str) -> bool:
    return node in graph or node.split(".")[0] in graph
