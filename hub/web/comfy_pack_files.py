"""What node packs bring for ComfyUI's editor besides scripts: graphs to begin with, subgraphs, and
translations. All are files in their folders."""

import asyncio
import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiohttp import web

from hub.errors import NotFound
from hub.records.node_pack import NodePack
from hub.web.inside import file_inside
from hub.web.json_text import answer
from hub.web.parts import parts_of

_OF_TEMPLATES = ("example_workflows", "example", "examples", "workflow", "workflows")
_OF_TRANSLATIONS = ("nodeDefs", "commands", "settings")
_LARGEST = 16 << 20


async def list_templates(request: web.Request) -> web.Response:
    """GET /workflow_templates: for each pack the names of its graphs."""
    return answer(await asyncio.to_thread(_templates, _folders(request)))


async def send_template(request: web.Request) -> web.FileResponse:
    """GET /api/workflow_templates/{pack}/{file}: one of them."""
    pack, name = request.match_info["pack"], request.match_info["file"]
    folder = _folders(request).get(pack)
    if folder is None:
        raise NotFound(f"There is no node pack {pack!r}.")
    path = await asyncio.to_thread(_template, folder, name)
    return web.FileResponse(path, headers={"Content-Type": "application/json"})


async def list_subgraphs(request: web.Request) -> web.Response:
    """GET /global_subgraphs: those of all packs."""
    found = await asyncio.to_thread(lambda: dict(_subgraphs(_folders(request))))
    return answer({name: entry for name, (entry, _) in found.items()})


async def show_subgraph(request: web.Request) -> web.Response:
    """GET /global_subgraphs/{id}: one of them, with its data; null for an unknown one."""
    found = await asyncio.to_thread(lambda: dict(_subgraphs(_folders(request))))
    entry, path = found.get(request.match_info["id"], (None, None))
    if entry is None or path is None:
        return answer(None)
    return answer({**entry, "data": await asyncio.to_thread(path.read_text)})


async def list_translations(request: web.Request) -> web.Response:
    """GET /i18n: for each language what the packs' files say, a later pack's word before an earlier
    one's."""
    return answer(await asyncio.to_thread(_translations, _folders(request)))


def _folders(request: web.Request) -> dict[str, Path]:
    packs: tuple[NodePack, ...] = parts_of(request).engine.packs
    return {pack.name: Path(pack.folder) for pack in packs}


def _templates(folders: dict[str, Path]) -> dict[str, list[str]]:
    found = {
        pack: sorted({path.stem for name in _OF_TEMPLATES for path in _files(folder / name)})
        for pack, folder in folders.items()
    }
    return {pack: names for pack, names in found.items() if names}


def _template(folder: Path, name: str) -> Path:
    if not name.endswith(".json"):
        raise NotFound(f"{name!r} is no graph.")
    for subfolder in _OF_TEMPLATES:
        with suppress(NotFound):
            return file_inside(folder / subfolder, name)
    raise NotFound(f"That node pack has no graph {name!r}.")


def _subgraphs(folders: dict[str, Path]) -> Iterator[tuple[str, tuple[dict[str, Any], Path]]]:
    for pack, folder in folders.items():
        for path in _files(folder / "subgraphs"):
            name = f"{pack}/{path.name}"
            info = {"node_pack": f"custom_nodes.{pack}"}
            entry = {"source": "custom_node", "name": path.stem, "info": info}
            yield hashlib.sha256(name.encode()).hexdigest(), (entry, path)


def _translations(folders: dict[str, Path]) -> dict[str, dict[str, Any]]:
    languages: dict[str, dict[str, Any]] = {}
    for folder in folders.values():
        locales = folder / "locales"
        for language in sorted(locales.iterdir()) if locales.is_dir() else ():
            texts = languages.setdefault(language.name, {})
            _merge(texts, _read(language / "main.json"))
            for name in _OF_TRANSLATIONS:
                if more := _read(language / f"{name}.json"):
                    _merge(texts, {name: more})
    return {language: texts for language, texts in languages.items() if texts}


def _merge(into: dict[str, Any], more: dict[str, Any]) -> None:
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict):
            _merge(into[name], value)
        else:
            into[name] = value


def _files(folder: Path) -> list[Path]:
    """Those in JSON; none from outside, wherever links lead."""
    root = folder.resolve()
    return sorted(
        path
        for path in (folder.glob("*.json") if folder.is_dir() else ())
        if path.is_file() and path.resolve().is_relative_to(root)
    )


def _read(path: Path) -> dict[str, Any]:
    """What is no object, too large or spoiled says nothing."""
    try:
        content = json.loads(path.read_bytes()) if path.stat().st_size <= _LARGEST else None
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
