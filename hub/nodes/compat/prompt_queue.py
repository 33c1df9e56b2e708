"""The queue as packs may look at it from a worker: what this worker was handed."""

from typing import Any

from hub.nodes.compat.installed import Installed
from hub.nodes.compat.not_yet import not_yet

_missing = not_yet("server.PromptServer.instance.prompt_queue")
Item = tuple[int, str, dict[str, Any], dict[str, Any], list[str]]


class PromptQueueView:
    """Read only: the queue itself is the hub's, and no pack can change it."""

    def __init__(self, here: Installed) -> None:
        self._here = here

    @property
    def currently_running(self) -> dict[int, Item]:
        """What the worker was handed, in ComfyUI's form; the numbers only tell them apart."""
        return {
            number: (number, order.run, order.graph, order.extra, list(order.targets))
            for number, order in enumerate(self._here.orders())
        }

    def get_current_queue(self) -> tuple[list[Item], list[Item]]:
        """What is running, and what waits, of which a worker knows nothing."""
        return list(self.currently_running.values()), []

    def get_tasks_remaining(self) -> int:
        return len(self.currently_running)

    def __getattr__(self, name: str) -> Any:
        return _missing(name)
