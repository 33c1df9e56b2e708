"""Builds the graph that a node expands to.

graph = GraphBuilder()
image = graph.node("ImageInvert", image=image_link)
return NodeOutput(image.out(0), expand=graph.finalize())
"""

from typing import Any

from hub.nodes.api import context


class BuiltNode:
    """A node of a graph being built. `id` has the builder's prefix."""

    def __init__(self, id: str, class_type: str, inputs: dict[str, Any]) -> None:  # noqa: A002 - what everybody calls it
        self.id = id
        self.class_type = class_type
        self.inputs = inputs
        self.override_display_id: str | None = None

    def out(self, index: int) -> list[Any]:
        """A link to that output."""
        return [self.id, index]

    def set_input(self, name: str, value: Any) -> None:
        """A constant or a link; None takes the input away."""
        if value is None:
            self.inputs.pop(name, None)
        else:
            self.inputs[name] = value

    def get_input(self, name: str) -> Any:
        return self.inputs.get(name)

    def set_override_display_id(self, node: str) -> None:
        """Messages about the node are shown under this id."""
        self.override_display_id = node

    def definition(self) -> dict[str, Any]:
        """The node as a graph holds it."""
        definition: dict[str, Any] = {"class_type": self.class_type, "inputs": self.inputs}
        if self.override_display_id is not None:
            definition["override_display_id"] = self.override_display_id
        return definition


class GraphBuilder:
    """A graph under a prefix of its own, so that no two builders make the same ids.

    Ids that are given and asked for here go without the prefix; those of nodes and links have it.
    """

    def __init__(self, prefix: str | None = None) -> None:
        """Without a prefix it takes a new one from the node that is being carried out."""
        self._prefix = context().new_prefix() if prefix is None else prefix
        self._nodes: dict[str, BuiltNode] = {}
        self._last = 0

    def node(self, class_type: str, id: str | None = None, **inputs: Any) -> BuiltNode:  # noqa: A002 - as above
        """A new node, or the one that already has this id; ids count from 1 where none is given."""
        if id is None:
            self._last += 1
            id = str(self._last)  # noqa: A001 - as above
        full = self._prefix + id
        if full not in self._nodes:
            given = {name: value for name, value in inputs.items() if value is not None}
            self._nodes[full] = BuiltNode(full, class_type, given)
        return self._nodes[full]

    def lookup_node(self, id: str) -> BuiltNode | None:  # noqa: A002 - as above
        return self._nodes.get(self._prefix + id)

    def replace_node_output(self, id: str, index: int, value: Any) -> None:  # noqa: A002 - as above
        """Give `value` to every input that takes that output; None takes those inputs away."""
        link = [self._prefix + id, index]
        for node in self._nodes.values():
            for name in [name for name, given in node.inputs.items() if given == link]:
                node.set_input(name, value)

    def remove_node(self, id: str) -> None:  # noqa: A002 - as above
        del self._nodes[self._prefix + id]

    def finalize(self) -> dict[str, dict[str, Any]]:
        """The graph, for `NodeOutput(expand=…)`."""
        return {id: node.definition() for id, node in self._nodes.items()}  # noqa: A001 - as above
