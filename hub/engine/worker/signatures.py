"""Signatures: what a node's outputs depend on, as a hash.

A signature covers the class, the constants, the fingerprint, and the signatures of the nodes that
feed it; so ids and titles do not matter, and two equal branches share.
"""

import hashlib
import json
import logging
from typing import Any

from hub.engine.graph import GraphNode, is_link
from hub.engine.worker.calls import constants
from hub.engine.worker.context import Attempt, NodeContext
from hub.engine.worker.node_classes import NodeClass, NodeClasses
from hub.engine.worker.node_code import NodeRaised, call
from hub.nodes.api import current_context

log = logging.getLogger(__name__)

Signatures = dict[str, str | None]
"""None for a node that can never be served from the cache, and for whatever depends on it."""


def signatures(attempt: Attempt, path: list[str], classes: NodeClasses) -> Signatures:
    """The signature of every node of `path`, which has sources before their readers."""
    graph = attempt.order.graph
    known: Signatures = {}
    for node in path:
        loaded = classes[graph[node]["class_type"]]
        try:
            fingerprint = _fingerprint(attempt, node, loaded)
            known[node] = _signature(node, graph[node], loaded, fingerprint, known)
        except (TypeError, ValueError):  # a fingerprint that is NaN or not JSON equals nothing
            known[node] = None
        except NodeRaised as raised:
            log.warning("The fingerprint of node %s cannot be told: %s", node, raised)
            known[node] = None
    return known


def _fingerprint(attempt: Attempt, node: str, loaded: NodeClass) -> Any:
    """What the class's own code says, or the graph itself."""
    definition = attempt.order.graph[node]
    if "is_changed" in definition or not loaded.schema.fingerprints_inputs:
        return definition.get("is_changed")
    fingerprint = getattr(loaded.node, "fingerprint_inputs")  # noqa: B009 - few classes have it
    token = current_context.set(NodeContext(attempt, node))
    try:
        return call(fingerprint, **constants(definition, loaded.schema))
    finally:
        current_context.reset(token)


def _signature(
    node: str, definition: GraphNode, loaded: NodeClass, fingerprint: Any, known: Signatures
) -> str | None:
    """Raises `TypeError` or `ValueError` for what cannot be written as JSON."""
    inputs: dict[str, Any] = {}
    for name, value in definition["inputs"].items():
        inputs[name] = [value]
        if is_link(value) and value[0] in known:
            source = known[value[0]]
            if source is None:
                return None
            inputs[name] = [source, value[1]]
    own_id = node if loaded.keyed_by_id else None
    facts = (loaded.schema.class_type, own_id, fingerprint, inputs)
    return hashlib.sha256(json.dumps(facts, sort_keys=True, allow_nan=False).encode()).hexdigest()
