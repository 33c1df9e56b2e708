"""What a pack's `comfy_entrypoint` gives."""

from abc import ABC, abstractmethod
from typing import Any


class ComfyExtension(ABC):
    """A pack: its nodes, and what is to be done before they are asked for."""

    async def on_load(self) -> None:  # noqa: B027 - a pack may leave it as it is
        """Called once, before `get_node_list`."""

    @abstractmethod
    async def get_node_list(self) -> list[type[Any]]:
        """The node classes."""
