"""The graph check: whether the engine can carry out a graph, answered in ComfyUI's words.

Every output node is checked with all its ancestors. Those that pass are carried out, even if
others do not. Error types, messages and shapes are those of ComfyUI 0.8, because clients read them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from hub.engine import input_check
from hub.engine.catalogue import Catalogue
from hub.engine.comfyui_classes import comfyui_classes
from hub.engine.dynamic_inputs import expanded_schema
from hub.engine.graph import DependencyCycle, in_order, is_node_id, links
from hub.engine.homes import lacking_home
from hub.engine.input_check import Fault, LinkFault, refused_by_class
from hub.engine.messages import Objection
from hub.engine.object_info import input_config
from hub.nodes.api import Schema

_ONE_WORKER = "A run goes to one worker. Let one load all of these packs, in hub.yaml."


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict. `graph` is a copy with constants converted to their declared types.

    `outputs` are the output nodes that can be carried out. `error` is there only if none can.
    `node_errors` lists nodes with errors of their own. `cycle` names nodes that wait for each
    other, for which ComfyUI has no error of its own.
    """

    graph: dict[str, Any]
    outputs: tuple[str, ...] = ()
    error: dict[str, Any] | None = None
    node_errors: dict[str, dict[str, Any]] = {}
    cycle: tuple[str, ...] = ()


def check_graph(
    graph: dict[str, Any],
    catalogue: Catalogue,
    targets: tuple[str, ...] | None = None,
    objections: Mapping[str, Objection] | None = None,
) -> Checked:
    """Check `graph` for its output nodes, or for those of them that are in `targets`. `objections`
    are those of classes that check inputs by code of their own, by node."""
    if error := _node_error(graph, catalogue):
        return Checked(graph=graph, error=error)
    if lacking := lacking_home(graph, catalogue):
        message = f"Cannot execute because {lacking}."
        return Checked(graph=graph, error=_error("invalid_prompt", message, _ONE_WORKER))
    graph = {
        node: definition | {"inputs": _inputs(definition)} for node, definition in graph.items()
    }
    check = _Check(graph, catalogue, objections or {})
    roots = [
        node
        for node in graph
        if check.schema(node).is_output_node and (targets is None or node in targets)
    ]
    if not roots:
        return Checked(graph=graph, error=_error("prompt_no_outputs", "Prompt has no outputs"))
    outputs = tuple(root for root in roots if check.passes(root))
    return Checked(
        graph=graph,
        outputs=outputs,
        error=None
        if outputs
        else _error("prompt_outputs_failed_validation", "Prompt outputs failed validation"),
        node_errors=check.node_errors,
        cycle=check.cycle,
    )


def _node_error(graph: dict[str, Any], catalogue: Catalogue) -> dict[str, Any] | None:
    for node, definition in graph.items():
        name = class_of(definition)
        if not is_node_id(node):
            problem = f"{node!a} is no id of a node, as it has half a letter"
        elif name is None:
            problem = "a node is missing the class_type property"
        elif catalogue.get(name) is None:
            lacking = "is not built in yet" if name in comfyui_classes() else "does not exist"
            problem = f"node {name} {lacking}"
        else:
            continue
        return _error("invalid_prompt", f"Cannot execute because {problem}.", f"Node ID '#{node}'")
    return None


def class_of(definition: Any) -> str | None:
    """The class that a node names, whatever stands in its place; None if it names none."""
    if not isinstance(definition, dict) or "class_type" not in definition:
        return None
    return str(definition["class_type"])


def _inputs(definition: dict[str, Any]) -> dict[str, Any]:
    inputs = definition.get("inputs")
    return dict(inputs) if isinstance(inputs, dict) else {}


def _error(kind: str, message: str, details: str = "") -> dict[str, Any]:
    return {"type": kind, "message": message, "details": details, "extra_info": {}}


class _Check:
    """Checks each node once, whichever outputs it leads to."""

    def __init__(
        self, graph: dict[str, Any], catalogue: Catalogue, objections: Mapping[str, Objection]
    ) -> None:
        self.node_errors: dict[str, dict[str, Any]] = {}
        self.cycle: tuple[str, ...] = ()
        self._graph = graph
        self._catalogue = catalogue
        self._objections = objections
        self._faults: dict[str, list[Fault]] = {}
        self._matched: dict[str, dict[str, str]] = {}

    def schema(self, node: str) -> Schema:
        """That of its class, with all the inputs that this very node has."""
        definition = self._graph[node]
        schema = self._catalogue.get(str(definition["class_type"]))
        assert schema is not None, "unknown classes were refused before"
        return expanded_schema(schema, definition["inputs"])

    def passes(self, root: str) -> bool:
        """Check an output node and its ancestors, and note what is wrong with them."""
        try:
            order = in_order(self._graph, [root])
        except DependencyCycle as cycle:
            self.cycle = cycle.nodes
            return False
        for node in order:
            if node not in self._faults:
                self._faults[node] = self._check_node(node, order)
        faulty = [node for node in order if self._faults[node]]
        for node in faulty:
            self._note(node, root)
        return not faulty

    def _check_node(self, node: str, order: Iterable[str]) -> list[Fault]:
        """What is wrong with one node. A link into the void hides its other faults."""
        self._matched[node] = {}
        try:
            faults = input_check.check_inputs(
                self._graph[node]["inputs"],
                self.schema(node),
                self._source_type,
                self._catalogue.files,
                self._matched[node],
            )
        except LinkFault as fault:
            return [self._broken_link(node, fault, order)]
        if objection := self._objections.get(node):
            faults += (refused_by_class(name, objection.words) for name in objection.inputs)
        return faults

    def _source_type(self, source: Any, output: Any) -> str:
        """The type that a link carries. Raises `LinkFault`, in the words Python has for it."""
        if not isinstance(source, str) or source not in self._graph:
            raise LinkFault("KeyError", repr(source))
        outputs = self.schema(source).outputs
        if not isinstance(output, int):
            kind = type(output).__name__
            raise LinkFault("TypeError", f"tuple indices must be integers or slices, not {kind}")
        if not 0 <= output < len(outputs):
            raise LinkFault("IndexError", "tuple index out of range")
        matched = self._matched.get(source, {})  # sources are checked before what they feed
        return matched.get(outputs[output].match or "", outputs[output].type)

    def _broken_link(self, node: str, fault: LinkFault, order: Iterable[str]) -> Fault:
        """As ComfyUI tells it: with the input through which the node was reached first."""
        raised = {
            "exception_message": fault.message,
            "exception_type": fault.exception_type,
            "traceback": [],
        }
        for reader in order:
            for link in links(self._graph[reader]):
                declared = self.schema(reader).input(link.input)
                if link.source == node and declared:
                    config = input_config(
                        declared,
                        self._catalogue.files.list_folder,
                        is_v3=self.schema(reader).is_v3,
                    )
                    return {
                        "type": "exception_during_inner_validation",
                        "message": "Exception when validating inner node",
                        "details": fault.message,
                        "extra_info": {
                            "input_name": link.input,
                            "input_config": config,
                            **raised,
                            "linked_node": [node, link.output],
                        },
                    }
        del raised["exception_message"]
        return {
            "type": "exception_during_validation",
            "message": "Exception when validating node",
            "details": fault.message,
            "extra_info": raised,
        }

    def _note(self, node: str, root: str) -> None:
        noted = self.node_errors.setdefault(
            node,
            {
                "errors": self._faults[node],
                "dependent_outputs": [],
                "class_type": self._graph[node]["class_type"],
            },
        )
        noted["dependent_outputs"].append(root)
