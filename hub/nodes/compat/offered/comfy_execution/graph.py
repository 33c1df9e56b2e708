"""Blockers, and the graph with what expansion added."""

from hub.engine.worker.dynamic_graph import DynamicGraph as DynamicPrompt  # noqa: F401
from hub.engine.worker.dynamic_graph import NodeNotFound as NodeNotFound
from hub.nodes.api import ExecutionBlocker as ExecutionBlocker
from hub.nodes.compat.not_yet import not_yet

__getattr__ = not_yet("comfy_execution.graph")
