"""Blockers, and the graph with what expansion added."""

from typing import Any

from hub.nodes.compat.dynamic_prompt import DynamicPrompt as DynamicPrompt
from hub.nodes.compat.dynamic_prompt import NodeNotFound as NodeNotFound
from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.v1_results import execution_blocker

_missing = not_yet("comfy_execution.graph")


def __getattr__(name: str) -> Any:
    """`ExecutionBlocker`, as soon as the engine has it."""
    try:
        return execution_blocker() if name == "ExecutionBlocker" else _missing(name)
    except ImportError:
        return _missing(name)
