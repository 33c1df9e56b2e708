"""What ComfyUI has and the hub does not offer yet."""

from collections.abc import Callable
from typing import Any


def not_yet(module: str) -> Callable[[str], Any]:
    """A module's `__getattr__`, which says in a sentence what is missing."""

    def missing(name: str) -> Any:
        raise AttributeError(
            f"{module}.{name} is part of ComfyUI, and the hub does not offer it yet.",
            name=name,
        )

    return missing
