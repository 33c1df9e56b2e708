"""Loads node packs; one that fails costs only itself."""

import logging
import time
import tomllib
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from hub.engine.worker.node_code import NodeRaised, call
from hub.nodes.api import Node
from hub.nodes.compat.builtin_view import builtin_views
from hub.nodes.compat.installed import Installed
from hub.nodes.compat.pack_modules import load_module
from hub.nodes.compat.prestartup import OFFERED, FoundPack
from hub.nodes.compat.v1_adapter import adapted
from hub.records.node_pack import NodePack

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
    core = frozenset(here.classes)
    nodes: dict[str, type[Node]] = {}
    packs = []
    for pack in found:
        began = time.perf_counter()
        made: dict[str, type[Node]] = {}
        facts: dict[str, Any] = {}
        try:
            brought = call(_bring, pack)
            made = _adapted(pack, brought, core, facts)
            here.classes.update({name: brought.classes[name] for name in made})
            here.display_names.update(brought.display_names)
            facts |= {"web": brought.web and str(brought.web), "web_name": brought.web_name}
        except NodeRaised as raised:
            facts = {"error": _sentence(raised.error), "traceback": _traceback(raised.error)}
            log.error("The node pack %s is left out: %s", pack.name, facts["error"])  # noqa: TRY400
        nodes |= made
        seconds = time.perf_counter() - began
        packs.append(_report(pack, seconds, made, facts))
    return LoadedPacks(nodes=tuple(nodes.values()), packs=tuple(packs))


def _bring(pack: FoundPack) -> _Brought:
    """Raises whatever the pack's code raises."""
    module = load_module(str(pack.path.with_suffix("")).replace(".", "_dot_"), pack.code)
    classes = getattr(module, "NODE_CLASS_MAPPINGS", None)
    if classes is None:
        raise ImportError("It has no NODE_CLASS_MAPPINGS, and so brings no nodes for the hub.")
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
            made[name] = call(adapted, name, pack_class, module, brought.display_names.get(name))
            call(setattr, pack_class, "RELATIVE_PYTHON_MODULE", module)
        except NodeRaised as raised:
            facts["error"] = f"Its node {name} is left out: {_sentence(raised.error)}"
            facts["traceback"] = _traceback(raised.error)
            log.error("Node %s of the pack %s is left out: %s", name, pack.name, raised)  # noqa: TRY400
            made.pop(name, None)
    return made


def _web(module: ModuleType, pack: FoundPack) -> tuple[Path | None, str | None]:
    """The folder of files for the editor, and the name they are served under."""
    if declared := getattr(module, "WEB_DIRECTORY", None):
        folder = (pack.folder / declared).resolve()
        return (folder, pack.name) if folder.is_dir() else (None, None)
    project = pack.path / "pyproject.toml"
    if project.is_file():
        facts = tomllib.loads(project.read_text("utf-8"))
        if declared := facts.get("tool", {}).get("comfy", {}).get("web"):
            return (pack.folder / declared).resolve(), facts.get("project", {}).get("name")
    return None, None


def _report(
    pack: FoundPack, seconds: float, nodes: Iterable[str], facts: dict[str, Any]
) -> NodePack:
    return NodePack(
        name=pack.name, folder=str(pack.path), seconds=seconds, nodes=tuple(nodes), **facts
    )


def _sentence(error: BaseException) -> str:
    """What went wrong; where a pack wants something of ComfyUI that is not here, that."""
    if isinstance(error, ImportError) and (name := error.name) and _is_comfyuis(name):
        return f"{error}. That is part of ComfyUI, and the hub does not offer it yet."
    return f"{type(error).__name__}: {error}"


def _is_comfyuis(module: str) -> bool:
    top = module.split(".")[0]
    return top in {"comfy_extras", "execution", "app"} or any(
        (OFFERED / name).exists() for name in (top, f"{top}.py")
    )


def _traceback(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))
