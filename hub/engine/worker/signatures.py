"""Signatures: what a node's outputs depend on, as a hash.

A signature covers the class, the constants, the fingerprint, and the signatures of the nodes that
feed it; so ids and titles do not matter, and two equal branches share. A node that may never be
served from the cache gets a signature that equals nothing.
"""

import hashlib
import json
import uuid
from typing import Any

from hub.engine.graph import Graph, is_link, unwrapped
from hub.engine.worker.context import Attempt, NodeContext
from hub.engine.worker.node_classes import NodeClass, NodeClasses
from hub.engine.worker.node_code import NodeRaised, call
from hub.nodes.api import current_context


def signatures(attempt: Attempt, order: list[str], classes: NodeClasses) -> dict[str, str]:
    """The signature of every node of `order`, which has sources before their readers."""
    graph = attempt.order.graph
    found: dict[str, str] = {}
    for node in order:
        found[node] = _signature(attempt, graph, node, classes[graph[node]["class_type"]], found)
    return found


def _signature(
    attempt: Attempt, graph: Graph, node: str, loaded: NodeClass, known: dict[str, str]
) -> str:
    inputs = graph[node]["inputs"]
    facts = {
        "class": loaded.schema.class_type,
        "id": node if loaded.keyed_by_id else None,
        "inputs": {name: _input_facts(value, known) for name, value in inputs.items()},
    }
    try:
        if loaded.schema.fingerprints_inputs:
            facts["fingerprint"] = _fingerprint(attempt, node, loaded, inputs)
        text = json.dumps(facts, sort_keys=True, allow_nan=False)
    except (NodeRaised, TypeError, ValueError):  # unreadable, not JSON, or NaN: equals nothing
        return uuid.uuid4().hex
    return hashlib.sha256(text.encode()).hexdigest()


def _input_facts(value: Any, known: dict[str, str]) -> Any:
    if is_link(value) and value[0] in known:
        return ["link", known[value[0]], value[1]]
    return ["constant", unwrapped(value)]


def _fingerprint(attempt: Attempt, node: str, loaded: NodeClass, inputs: dict[str, Any]) -> Any:
    """What the class's own code says; it sees constants, and None for links."""
    constants = {
        item.name: None if is_link(inputs[item.name]) else unwrapped(inputs[item.name])
        for item in loaded.schema.inputs
        if item.name in inputs
    }
    token = current_context.set(NodeContext(attempt, node))
    try:
        return call(getattr(loaded.node, "fingerprint_inputs"), **constants)  # noqa: B009 - optional
    finally:
        current_context.reset(token)
