"""ComfyUI's `/features` and `/internal`: what its editor asks of the server besides."""

import asyncio
import os
from pathlib import Path
from typing import Any

from aiohttp import web

from hub.web.comfy_folders import folder_called
from hub.web.comfy_previews import features
from hub.web.json_text import answer
from hub.web.parts import parts_of


async def show_features(request: web.Request) -> web.Response:
    """GET /features: what the hub can, as it also tells at the WebSocket."""
    return answer(features(parts_of(request).door.settings.max_body))


async def list_replacements(request: web.Request) -> web.Response:
    """GET /node_replacements: none; every class is carried out under its own name."""
    return answer({})


async def list_folders(request: web.Request) -> web.Response:
    """GET /internal/folder_paths: where files of each kind lie."""
    folders, kinds = parts_of(request).folders, parts_of(request).engine.files.kinds
    own = {"input": [folders.input], "output": [folders.output], "temp": [folders.temp]}
    return answer({**own, **{kind: list(folder.folders) for kind, folder in kinds.items()}})


async def list_files(request: web.Request) -> web.Response:
    """GET /internal/files/{folder}: the files directly in a folder, newest first."""
    folder = folder_called(parts_of(request).folders, request.match_info["folder"])
    return answer(await asyncio.to_thread(_newest_first, folder))


def _newest_first(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        files = [entry for entry in entries if entry.is_file() and not entry.name.startswith(".")]
        return [entry.name for entry in sorted(files, key=_written_at, reverse=True)]


def _written_at(entry: Any) -> float:
    return float(entry.stat().st_mtime)
