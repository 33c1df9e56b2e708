"""The node classes of a worker: the built-in ones and those of further modules."""

import importlib
import inspect
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hub.engine.dynamic_inputs import expanded_schema, nested
from hub.engine.graph import GraphNode
from hub.engine.worker.dynamic_graph import DynamicGraph
from hub.engine.worker.node_code import NodeRaised, call
from hub.nodes.api import Hidden, Input, Node, Schema
from hub.nodes.registry import builtin_nodes

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeClass:
    """A node class with what its declaration says. `hidden` are those that `execute` names.

    If its inputs depend on the graph, they are `declared` as they stand in the class, and `schema`
    has those of one node, once it is `for_node`.
    """

    node: type[Node]
    schema: Schema
    hidden: tuple[Hidden, ...]
    is_async: bool
    declared: tuple[Input, ...] = ()
    is_from_pack: bool = False

    @property
    def keyed_by_id(self) -> bool:
        """Whether two nodes of this class with the same inputs may give different outputs."""
        return self.schema.not_idempotent or Hidden.UNIQUE_ID in self.schema.hidden

    def for_node(self, definition: GraphNode) -> "NodeClass":
        """The class with the inputs that this node has; only where there are `declared` ones."""
        return replace(self, schema=expanded_schema(self.schema, definition["inputs"]))

    def arguments(self, call: dict[str, Any], *, with_paths: bool = False) -> dict[str, Any]:
        """What a call hands over, as the class declares it."""
        return nested(self.declared, call, with_paths=with_paths) if self.declared else call


NodeClasses = Mapping[str, NodeClass]


def load_node_classes(
    modules: Iterable[str] = (), further: Iterable[type[Node]] = ()
) -> dict[str, NodeClass]:
    """The built-in nodes, those in the `NODES` tuple of each module, and `further` ones.

    A class without a working schema is left out and logged; so is a second one of the same name.
    """
    classes: dict[str, NodeClass] = {}
    for node in builtin_nodes().values():
        _add(classes, node)
    for module in modules:
        for node in importlib.import_module(module).NODES:
            _add(classes, node)
    for node in further:
        _add(classes, node, is_from_pack=True)
    return classes


def _add(classes: dict[str, NodeClass], node: type[Node], *, is_from_pack: bool = False) -> None:
    try:
        loaded = replace(call(node_class, node), is_from_pack=is_from_pack)
    except NodeRaised:
        log.exception("Left out node class %s", node.__qualname__)
        return
    name = loaded.schema.class_type
    if name in classes:
        log.error("Left out a second node class called %s, from %s", name, node.__module__)
        return
    classes[name] = loaded


def node_class(node: type[Node]) -> NodeClass:
    """Read a class's declaration. Raises whatever `define_schema` raises."""
    schema = node.define_schema()
    parameters = inspect.signature(node.execute).parameters.values()
    names = {parameter.name for parameter in parameters}
    return NodeClass(
        node=node,
        schema=schema,
        hidden=tuple(token for token in schema.hidden if token.lower() in names),
        is_async=inspect.iscoroutinefunction(node.execute),
        declared=schema.inputs if schema.is_dynamic else (),
    )


def hidden_value(token: Hidden, node: str, graph: DynamicGraph, extra: dict[str, Any]) -> Any:
    """What the engine hands to a node that asks for `token`."""
    match token:
        case Hidden.UNIQUE_ID:
            return node
        case Hidden.EXTRA_PNGINFO:
            return extra.get("extra_pnginfo")
        case Hidden.DYNPROMPT:
            return graph
        case Hidden.PROMPT:
            return graph.get_original_prompt()
