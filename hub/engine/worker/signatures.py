"""Signatures: what a node's outputs depend on, as a hash.

A signature covers the class, the constants, the fingerprint, and the signatures of the nodes that
feed it; so ids and titles do not matter, and two equal branches share.
"""

import hashlib
import json
from typing import Any

from hub.engine.graph import GraphNode, is_link
from hub.engine.worker.node_classes import NodeClass

Signatures = dict[str, str | None]
"""None for a node that can never be served from the cache, and for whatever depends on it."""


def signature(
    node: str, definition: GraphNode, loaded: NodeClass, fingerprint: Any, known: Signatures
) -> str | None:
    """The signature of `node`, whose sources' are `known`."""
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
    try:
        text = json.dumps(facts, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError):  # NaN, or what is not JSON: it equals nothing
        return None
    return hashlib.sha256(text.encode()).hexdigest()
