"""Modules of ComfyUI of which the hub has nothing yet, so that packs can import them.

They come last on the search path: a module that is built, or a pack's own, is found before. An
import of one that is loaded already goes past every finder; so these are forgotten before each pack
is loaded, and found again as the same modules, in order to note who imports them.
"""

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from hub.nodes.compat.comfyui_names import has_module
from hub.nodes.compat.installed import installed
from hub.nodes.compat.not_yet import not_yet, note


class UnbuiltModules(MetaPathFinder, Loader):
    """Finds and makes them. `_made` are all that were asked for, by name."""

    def __init__(self) -> None:
        self._made: dict[str, ModuleType] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not has_module(fullname):
            return None
        if not fullname.startswith("comfy_extras"):  # of these, some classes are there
            note(fullname)
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return self._made.setdefault(spec.name, ModuleType(spec.name))

    def exec_module(self, module: ModuleType) -> None:
        name, contents = module.__name__, vars(module)
        if "__getattr__" in contents:  # it was made before, and packs may have changed it since
            return
        contents["__getattr__"] = not_yet(name)
        if name.startswith("comfy_extras."):
            built = {
                class_type: view
                for class_type, view in installed().classes.items()
                if getattr(view, "RELATIVE_PYTHON_MODULE", None) == name
            }
            contents |= {"NODE_CLASS_MAPPINGS": built, **built, **_extra_names(name)}

    def forget(self) -> None:
        """Until they are imported again."""
        for name in self._made:
            sys.modules.pop(name, None)

    def remember(self) -> None:
        """As if all were loaded, for packs that look for them there."""
        sys.modules.update(self._made)


def _extra_names(module: str) -> dict[str, Any]:
    from hub.nodes.compat.extra_names import EXTRA_NAMES  # it loads torch

    return EXTRA_NAMES.get(module, {})


UNBUILT = UnbuiltModules()
"""The one of this process, as there is one search path."""


def add_to_search_path() -> None:
    """At its end."""
    sys.meta_path.append(UNBUILT)
