"""All nodes of this worker by class type; built-in ones also by name: `nodes.LoadImage()`."""

from typing import Any

from hub.nodes.compat.installed import installed
from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.running import cancel

MAX_RESOLUTION = 16384
NODE_CLASS_MAPPINGS = installed().classes
NODE_DISPLAY_NAME_MAPPINGS = installed().display_names
EXTENSION_WEB_DIRS: dict[str, str] = {}
_missing = not_yet("nodes")


def interrupt_processing(value: bool = True) -> None:
    if value:
        cancel()


def __getattr__(name: str) -> Any:
    return NODE_CLASS_MAPPINGS[name] if name in NODE_CLASS_MAPPINGS else _missing(name)
