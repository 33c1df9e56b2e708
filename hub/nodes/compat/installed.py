"""What the modules that packs import are about: the folders, the loop and the nodes of this worker.

ComfyUI's modules are process-wide, and packs rely on it; so this state is too. The worker sets it
before it loads any pack, and a process that never does offers nothing.
"""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hub.config.folders import Folders
from hub.config.model_folders import ModelFolder
from hub.engine.messages import Execute, PackMessage, PackPrompt
from hub.nodes.schema import Schema

if TYPE_CHECKING:  # it is loaded only with the first pack that imports `server`
    from hub.nodes.compat.pack_app import PackApp


@dataclass(kw_only=True, slots=True)
class Installed:
    """`classes` and `display_names` are what packs see of all nodes, by class type.

    `model_folders` are the folders and endings of each kind of model, which packs add to.
    `web_folders` are files for the editor, by the name they are served under, and `pack_app` what
    answers the routes of packs, if one may have any. `orders` tells what the worker was handed,
    `schemas` are those of all its nodes, `tell` sends a message to the hub, which may get lost, and
    `post` a graph for the queue; they are there once the packs are loaded.
    """

    folders: Folders
    loop: asyncio.AbstractEventLoop | None = None
    classes: dict[str, Any] = field(default_factory=dict)
    display_names: dict[str, str] = field(default_factory=dict)
    web_folders: dict[str, str] = field(default_factory=dict)
    pack_app: "PackApp | None" = None
    orders: Callable[[], Collection[Execute]] = tuple
    schemas: Collection[Schema] = ()
    tell: Callable[[PackMessage], None] | None = None
    post: Callable[[PackPrompt], None] | None = None
    model_folders: dict[str, tuple[list[str], set[str]]] = field(init=False)

    def __post_init__(self) -> None:
        self.model_folders = {
            kind: (list(folder.folders), set(folder.suffixes))
            for kind, folder in self.folders.model_folders.items()
        }

    def kinds(self) -> dict[str, ModelFolder]:
        """The folders of models as packs left them, without what cannot be understood."""
        found = ((str(kind), understood(entry)) for kind, entry in self.model_folders.items())
        return {kind: folder for kind, folder in found if folder is not None}


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


def understood(entry: Any) -> ModelFolder | None:
    """An entry of `folder_names_and_paths`; packs put all sorts of things there."""
    match entry:
        case [list() | tuple() | set() as folders, *more]:
            endings = (
                more[0] if more and isinstance(more[0], list | tuple | set | frozenset) else ()
            )
            suffixes = {str(ending).lower() for ending in endings} - {""}
            return ModelFolder(tuple(map(str, folders)), tuple(sorted(suffixes)))
    return None
