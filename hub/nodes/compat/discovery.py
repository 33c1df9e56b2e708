"""Loads node packs; one that fails costs only itself."""

import importlib
import logging
import time
import tomllib
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from hub.config.found_packs import FoundPack
from hub.engine.worker.node_code import NodeRaised, call, frames_behind
from hub.errors import HubError
from hub.nodes.api import Node
from hub.nodes.compat import v1_adapter, v3_adapter
from hub.nodes.compat.builtin_view import builtin_views
from hub.nodes.compat.comfyui_names import MODULES
from hub.nodes.compat.installed import Installed
from hub.nodes.compat.not_yet import lacking, noting
from hub.nodes.compat.pack_modules import load_module
from hub.nodes.compat.prestartup import OFFERED
from hub.nodes.compat.unbuilt_modules import UNBUILT
from hub.nodes.compat.v3.entry_point import extension_classes
from hub.records.node_pack import NodePack

_NOT_OF_PACKS = (str(Path(__file__).parents[2]), "<frozen importlib")
log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadedPacks:
    """The node classes of all packs, and what became of each pack."""

    nodes: tuple[type[Node], ...]
    packs: tuple[NodePack, ...]


@dataclass(kw_only=True, slots=True)
class _Brought:
    """What one module declares."""

    classes: dict[str, Any]
    display_names: dict[str, str]
    web: Path | None
    web_name: str | None


def load_packs(found: Sequence[FoundPack], here: Installed) -> LoadedPacks:
    """Load each; built-in names win over all packs, and later packs over earlier ones."""
    here.classes.update(builtin_views())
    if found:
        _import_offered()
    core = frozenset(here.classes)
    nodes: dict[str, type[Node]] = {}
    packs = []
    for pack in found:
        began = time.perf_counter()
        UNBUILT.forget()
        with noting() as wanted:
            made, facts = _load(pack, here, core)
        facts["problems"] = lacking(wanted)
        if here.pack_app is not None:
            facts["routes"], problems = here.pack_app.take_new_routes()
            facts["problems"] += problems
        nodes |= made
        seconds = time.perf_counter() - began
        packs.append(_report(pack, seconds, made, facts))
    UNBUILT.remember()
    return LoadedPacks(nodes=tuple(nodes.values()), packs=tuple(packs))


def _load(
    pack: FoundPack, here: Installed, core: Iterable[str]
) -> tuple[dict[str, type[Node]], dict[str, Any]]:
    """Its nodes, and what there is to report."""
    made: dict[str, type[Node]] = {}
    facts: dict[str, Any] = {}
    try:
        brought = call(_bring, pack, here)
        made = _adapted(pack, brought, core, facts)
        here.classes.update({name: brought.classes[name] for name in made})
        here.display_names.update(brought.display_names)
        facts |= {"web": brought.web and str(brought.web), "web_name": brought.web_name}
        if brought.web and brought.web_name:
            here.web_folders[brought.web_name] = str(brought.web)
    except NodeRaised as raised:
        facts = {"error": _sentence(raised.error), "traceback": _traceback(raised.error)}
        log.error("The node pack %s is left out: %s", pack.name, facts["error"])  # noqa: TRY400
    return made, facts


def _import_offered() -> None:
    """Import all there is of the package `comfy`: packs rely on ComfyUI having done so, and name
    `comfy.utils` after `import comfy` alone."""
    built = (f"comfy.{file.stem}" for file in OFFERED.glob("comfy/[!_]*.py"))
    for module in (*sorted(built), *(name for name in MODULES if name.startswith("comfy."))):
        importlib.import_module(module)


def _bring(pack: FoundPack, here: Installed) -> _Brought:
    """Raises whatever the pack's code raises."""
    module = load_module(str(pack.path.with_suffix("")).replace(".", "_dot_"), pack.code)
    classes = getattr(module, "NODE_CLASS_MAPPINGS", None)
    if classes is None:
        classes = extension_classes(module, here.loop)
    if classes is None:
        raise ImportError(
            "It has neither NODE_CLASS_MAPPINGS nor comfy_entrypoint, and so brings no nodes."
        )
    web, web_name = _web(module, pack)
    return _Brought(
        classes=dict(classes),
        display_names=dict(getattr(module, "NODE_DISPLAY_NAME_MAPPINGS", None) or {}),
        web=web,
        web_name=web_name,
    )


def _adapted(
    pack: FoundPack, brought: _Brought, core: Iterable[str], facts: dict[str, Any]
) -> dict[str, type[Node]]:
    """Our classes for those of a pack. The pack's report tells which cannot be read."""
    made: dict[str, type[Node]] = {}
    module = f"custom_nodes.{pack.name}"
    for name, pack_class in brought.classes.items():
        if name in core:
            log.warning("Left out %s of the pack %s: the hub has its own", name, pack.name)
            continue
        try:
            display_name = brought.display_names.get(name)
            made[name] = call(_our_class, name, pack_class, module, display_name)
            call(setattr, pack_class, "RELATIVE_PYTHON_MODULE", module)
        except NodeRaised as raised:
            facts["error"] = f"Its node {name} is left out: {_sentence(raised.error)}"
            facts["traceback"] = _traceback(raised.error)
            log.error("Node %s of the pack %s is left out: %s", name, pack.name, raised)  # noqa: TRY400
            made.pop(name, None)
    return made


def _our_class(name: str, pack_class: Any, module: str, display_name: str | None) -> type[Node]:
    """Raises whatever the class's declaration raises."""
    if v3_adapter.is_v3(pack_class):
        return v3_adapter.adapted(name, pack_class, module)
    return v1_adapter.adapted(name, pack_class, module, display_name)


def _web(module: ModuleType, pack: FoundPack) -> tuple[Path | None, str | None]:
    """The folder of files for the editor, and the name they are served under."""
    if declared := getattr(module, "WEB_DIRECTORY", None):
        folder = (pack.folder / declared).resolve()
        return (folder, pack.name) if folder.is_dir() else (None, None)
    project = pack.path / "pyproject.toml"
    if project.is_file():
        facts = tomllib.loads(project.read_text("utf-8"))
        if declared := facts.get("tool", {}).get("comfy", {}).get("web"):
            folder = (pack.folder / declared).resolve()
            return (folder if folder.is_dir() else None), facts.get("project", {}).get("name")
    return None, None


def _report(
    pack: FoundPack, seconds: float, nodes: Iterable[str], facts: dict[str, Any]
) -> NodePack:
    return NodePack(
        name=pack.name, folder=str(pack.path), seconds=seconds, nodes=tuple(nodes), **facts
    )


def _sentence(error: BaseException) -> str:
    """What went wrong; where a pack wants something of ComfyUI that is not here, that."""
    if isinstance(error, HubError):
        return str(error)
    if isinstance(error, ImportError) and (name := error.name) and _is_comfyuis(name):
        return f"{error}. That is part of ComfyUI, and the hub does not offer it yet."
    return f"{type(error).__name__}: {error}"


def _is_comfyuis(module: str) -> bool:
    if module.startswith("hub.nodes.compat.v3"):  # what comfy_api.latest._io and ._ui are here
        return True
    top = module.split(".")[0]
    return top in {"comfy_extras", "execution", "app"} or any(
        (OFFERED / name).exists() for name in (top, f"{top}.py")
    )


def _traceback(error: BaseException) -> str:
    """From where the pack's own code begins."""
    frames = frames_behind(error, _NOT_OF_PACKS)
    return "".join(traceback.format_exception(type(error), error, frames))
