"""How far nodes are, for packs that tell it by this way."""

from typing import Any

from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.running import running, tell_progress

__getattr__ = not_yet("comfy_execution.progress")


class ProgressRegistry:
    """Passes on what the running node tells of itself."""

    def start_progress(self, node_id: str) -> None:
        """The hub knows when a node starts."""

    def update_progress(
        self, node_id: str, value: float, max_value: float, image: Any = None
    ) -> None:
        context = running()
        if context is not None and context.node == node_id:
            tell_progress(value, max_value)

    def finish_progress(self, node_id: str) -> None:
        """The hub knows when a node is done."""


_registry = ProgressRegistry()


def get_progress_state() -> ProgressRegistry:
    return _registry
