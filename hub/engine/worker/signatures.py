"""Signatures: what a node's outputs depend on, as a hash.

A signature covers the class, the constants, the fingerprint, the state of model files, and the
signatures of the nodes that feed it; so ids and titles do not matter, and two equal branches share.
What is computed from other nodes has another signature in a run that has to be computed alone, as
company shows in the last digits.
"""

import hashlib
import json
from typing import Any

import msgspec

from hub.engine.graph import GraphNode, is_link
from hub.engine.worker.model_stamps import Stamps
from hub.engine.worker.node_classes import NodeClass

_ALONE = "alone"
_QUICK = msgspec.json.Encoder(order="sorted")
_STRICT = json.JSONEncoder(sort_keys=True, allow_nan=False)

Signatures = dict[str, str | None]
"""None for a node that can never be served from the cache, and for whatever depends on it."""


def signature(
    node: str,
    definition: GraphNode,
    loaded: NodeClass,
    fingerprint: Any,
    stamps: Stamps,
    known: Signatures,
    *,
    is_alone: bool = False,
) -> str | None:
    """The signature of `node`, whose sources' are `known`."""
    inputs: dict[str, Any] = {}
    for name, value in definition["inputs"].items():
        inputs[name] = [value, *stamps.get(name, ())]
        if is_link(value) and value[0] in known:
            source = known[value[0]]
            if source is None:
                return None
            inputs[name] = [source, value[1], *([_ALONE] if is_alone else [])]
    own_id = [node] if loaded.keyed_by_id else []
    try:
        # A node's code gives the fingerprint, so it may be what msgspec takes and JSON does not.
        found = [] if fingerprint is None else [_STRICT.encode(fingerprint)]
        text = _text((loaded.schema.class_type, own_id, found, inputs))
    except (TypeError, ValueError):  # NaN, or what is not JSON: it equals nothing
        return None
    return hashlib.sha256(text).hexdigest()


def _text(facts: Any) -> bytes:
    """As JSON. msgspec is ten times as quick, but writes null for NaN."""
    try:
        text = _QUICK.encode(facts)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return _STRICT.encode(facts).encode()
    return _STRICT.encode(facts).encode() if b"null" in text else text
