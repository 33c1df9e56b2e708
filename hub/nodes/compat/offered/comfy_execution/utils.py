"""Which node is being carried out."""

from typing import NamedTuple

from hub.engine.worker.context import NodeContext
from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.running import running

__getattr__ = not_yet("comfy_execution.utils")


class ExecutionContext(NamedTuple):
    """`list_index` is not told."""

    prompt_id: str
    node_id: str
    list_index: int | None = None


def get_executing_context() -> ExecutionContext | None:
    """None outside of any node."""
    context = running()
    if not isinstance(context, NodeContext):
        return None
    return ExecutionContext(context.run, context.node)
