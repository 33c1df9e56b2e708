"""What packs make graphs with that take the place of a node."""

from hub.engine.graph import is_link as is_link
from hub.nodes.api import ExecutionBlocker as ExecutionBlocker
from hub.nodes.compat.not_yet import not_yet
from hub.nodes.graph_builder import GraphBuilder as GraphBuilder

__getattr__ = not_yet("comfy_execution.graph_utils")
