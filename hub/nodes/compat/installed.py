"""What the modules that packs import are about: the folders, the loop and the nodes of this worker.

ComfyUI's modules are process-wide, and packs rely on it; so this state is too. The worker sets it
before it loads any pack, and a process that never does offers nothing.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from hub.config.folders import Folders


@dataclass(kw_only=True, slots=True)
class Installed:
    """`classes` and `display_names` are what packs see of all nodes, by class type."""

    folders: Folders
    loop: asyncio.AbstractEventLoop | None = None
    classes: dict[str, Any] = field(default_factory=dict)
    display_names: dict[str, str] = field(default_factory=dict)


_installed: Installed | None = None


def install(folders: Folders) -> Installed:
    """Before the first pack is loaded."""
    global _installed  # noqa: PLW0603 - see above
    _installed = Installed(folders=folders)
    return _installed


def installed() -> Installed:
    """What this worker has."""
    assert _installed is not None, "packs are loaded by a worker, after `install`"
    return _installed
