"""ComfyUI's `/view` and `/object_info`."""

import asyncio
import mimetypes
from pathlib import Path

from aiohttp import web

from hub.config.folders import Folders
from hub.engine.object_info import object_info
from hub.web.errors import error_answer
from hub.web.parts import parts_of

_ACTIVE = {"text/html", "application/xhtml+xml", "text/javascript", "text/css", "image/svg+xml"}


async def view(request: web.Request) -> web.StreamResponse:
    """GET /view?filename=&subfolder=&type=: the file as it is, never from outside its folder."""
    name = request.query.get("filename")
    if name is None:
        return error_answer(404, "NotFound", "Say which file: /view?filename=…")
    if not name or name.startswith("/") or ".." in name:
        return error_answer(400, "Invalid", f"{name!r} is no file name.")
    root = _root(parts_of(request).folders, request.query.get("type", "output"))
    if root is None:
        return error_answer(400, "Invalid", "type must be output, input or temp.")
    path = root / request.query.get("subfolder", "") / name
    if not await asyncio.to_thread(_is_inside, path, root):
        return error_answer(403, "Forbidden", f"{path} leads out of its folder.")
    if not await asyncio.to_thread(path.is_file):
        return error_answer(404, "NotFound", f"There is no file {name!r} there.")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = {
        "Content-Disposition": f'filename="{path.name}"',
        "Content-Type": "application/octet-stream" if kind in _ACTIVE else kind,
    }
    return web.FileResponse(path, headers=headers)


async def get_object_info(request: web.Request) -> web.Response:
    """GET /object_info and /object_info/{class}: what nodes take and give."""
    catalogue = parts_of(request).engine.catalogue
    wanted = request.match_info.get("class")
    schemas = [s for s in catalogue if wanted is None or s.class_type == wanted]
    answer = {s.class_type: object_info(s, catalogue.files.list_folder) for s in schemas}
    return web.json_response(answer)


def _root(folders: Folders, kind: str) -> Path | None:
    return {"output": folders.output, "input": folders.input, "temp": folders.temp}.get(kind)


def _is_inside(path: Path, root: Path) -> bool:
    return path.resolve().is_relative_to(root.resolve())
