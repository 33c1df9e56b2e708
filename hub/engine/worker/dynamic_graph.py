"""The graph of an attempt as it grows: the one that was ordered, and what nodes expanded to.

The names of the methods are ComfyUI's, because classes that ask for DYNPROMPT call them.
"""

from collections.abc import Mapping
from typing import Any

from hub.engine.graph import Graph, GraphNode, is_node_id, links
from hub.errors import Conflict, Invalid, NotFound


class BadExpansion(Invalid):
    """What a node expanded to is no graph that can be carried out."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"The graph that the node expanded to cannot be carried out: {problem}.")


class NodeNotFound(NotFound):
    """A graph has no node of that id."""

    def __init__(self, node: str) -> None:
        super().__init__(f"The graph has no node {node!r}.")


class TakenId(Conflict):
    """Two nodes of one id."""

    def __init__(self, node: str) -> None:
        super().__init__(
            f"The node expanded to a graph with a node {node!r}, but there is one of that id"
            " already. Let a GraphBuilder choose the ids."
        )


class DynamicGraph:
    """All nodes by id. `nodes` is read like any other graph."""

    def __init__(self, ordered: Graph) -> None:
        self._ordered = ordered
        self._parents: dict[str, str] = {}
        self._displays: dict[str, str] = {}
        self.nodes: dict[str, GraphNode] = dict(ordered)

    def add(self, parent: str, nodes: Mapping[str, Any]) -> None:
        """Take over what `parent` expanded to. Raises `BadExpansion` and `TakenId`."""
        for node, definition in nodes.items():
            if not is_node_id(node):
                raise BadExpansion(f"{node!a} is no id of a node, which is a text of whole letters")
            if node in self.nodes:
                raise TakenId(node)
            if not _is_node(definition):
                raise BadExpansion(f"node {node!r} lacks class_type and inputs")
            if not is_node_id(definition.get("override_display_id") or ""):
                raise BadExpansion(f"override_display_id of node {node!r} is no id of a node")
        for node, definition in nodes.items():
            for link in links(definition):
                if link.source not in self.nodes and link.source not in nodes:
                    raise BadExpansion(
                        f"input {link.input!r} of node {node} takes something from node"
                        f" {link.source!r}, which does not exist"
                    )
        for node, definition in nodes.items():
            self.nodes[node] = definition
            self._parents[node] = parent
            override = definition.get("override_display_id")
            self._displays[node] = override or self.get_display_node_id(parent)

    def has_node(self, node_id: str) -> bool:
        return node_id in self.nodes

    def get_node(self, node_id: str) -> GraphNode:
        """Raises `NodeNotFound`."""
        if node_id not in self.nodes:
            raise NodeNotFound(node_id)
        return self.nodes[node_id]

    def is_ephemeral(self, node_id: str) -> bool:
        """Whether an expansion made it."""
        return node_id in self._parents

    def get_parent_node_id(self, node_id: str) -> str | None:
        """The node that expanded to it."""
        return self._parents.get(node_id)

    def get_display_node_id(self, node_id: str) -> str:
        """The node that people see in its place."""
        return self._displays.get(node_id, node_id)

    def get_real_node_id(self, node_id: str) -> str:
        """The node of the ordered graph from which it came."""
        while node_id in self._parents:
            node_id = self._parents[node_id]
        return node_id

    def all_node_ids(self) -> set[str]:
        return set(self.nodes)

    def get_original_prompt(self) -> Graph:
        return self._ordered


def _is_node(definition: Any) -> bool:
    return (
        isinstance(definition, dict)
        and isinstance(definition.get("class_type"), str)
        and isinstance(definition.get("inputs"), dict)
    )
