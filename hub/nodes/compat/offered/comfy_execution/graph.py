"""Blockers, and the graph with what expansion added."""

from hub.nodes.compat.dynamic_prompt import DynamicPrompt as DynamicPrompt
from hub.nodes.compat.dynamic_prompt import NodeNotFound as NodeNotFound
from hub.nodes.compat.not_yet import not_yet

__getattr__ = not_yet("comfy_execution.graph")
