"""What packs make graphs with that take the place of a node."""

import importlib
from typing import Any

from hub.engine.graph import is_link as is_link
from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.v1_results import execution_blocker

_missing = not_yet("comfy_execution.graph_utils")


def __getattr__(name: str) -> Any:
    """`ExecutionBlocker` and `GraphBuilder`, as soon as the engine has them."""
    try:
        if name == "ExecutionBlocker":
            return execution_blocker()
        if name == "GraphBuilder":
            return importlib.import_module("hub.nodes.graph_builder").GraphBuilder
    except ImportError:
        pass
    return _missing(name)
