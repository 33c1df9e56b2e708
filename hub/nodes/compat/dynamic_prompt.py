"""The graph as a node of a pack sees it that asks for `DYNPROMPT`."""

from collections.abc import Iterable
from typing import Any

from hub.errors import NotFound


class NodeNotFound(NotFound):
    """A graph has no node of that id."""

    def __init__(self, node: str) -> None:
        super().__init__(f"The graph has no node {node!r}.")


class DynamicPrompt:
    """A graph, and the nodes that expansion added to it, with the node each was made by."""

    def __init__(self, original_prompt: dict[str, Any]) -> None:
        self.original_prompt = original_prompt
        self.ephemeral_prompt: dict[str, Any] = {}
        self.ephemeral_parents: dict[str, str] = {}
        self.ephemeral_display: dict[str, str] = {}

    def get_node(self, node_id: str) -> dict[str, Any]:
        """Raises `NodeNotFound`."""
        for nodes in (self.ephemeral_prompt, self.original_prompt):
            if node_id in nodes:
                node: dict[str, Any] = nodes[node_id]
                return node
        raise NodeNotFound(node_id)

    def has_node(self, node_id: str) -> bool:
        return node_id in self.original_prompt or node_id in self.ephemeral_prompt

    def add_ephemeral_node(
        self, node_id: str, node_info: dict[str, Any], parent_id: str, display_id: str
    ) -> None:
        self.ephemeral_prompt[node_id] = node_info
        self.ephemeral_parents[node_id] = parent_id
        self.ephemeral_display[node_id] = display_id

    def get_real_node_id(self, node_id: str) -> str:
        """The node of the original graph from which this one came."""
        while node_id in self.ephemeral_parents:
            node_id = self.ephemeral_parents[node_id]
        return node_id

    def get_parent_node_id(self, node_id: str) -> str | None:
        return self.ephemeral_parents.get(node_id)

    def get_display_node_id(self, node_id: str) -> str:
        """The node under whose name messages about this one are shown."""
        while node_id in self.ephemeral_parents:
            node_id = self.ephemeral_display[node_id]
        return node_id

    def all_node_ids(self) -> Iterable[str]:
        return {**self.original_prompt, **self.ephemeral_prompt}.keys()

    def get_original_prompt(self) -> dict[str, Any]:
        return self.original_prompt
