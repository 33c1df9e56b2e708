"""ComfyUI's `/users`, `/settings` and `/userdata`: what its editor keeps for who is logged in."""

import asyncio
from pathlib import Path
from typing import Any

from aiohttp import web

from hub.errors import Invalid, NotFound
from hub.web.bodies import read_body
from hub.web.comfy_user_files import NOBODY, UserFolder, details, relative
from hub.web.door import identity_of
from hub.web.files import file_answer
from hub.web.json_body import read_json
from hub.web.json_text import answer
from hub.web.parts import parts_of

_TRUE = ("true", "1")
_NAME_TAKEN = "Duplicate username."  # which clients of ComfyUI know
_MADE_ELSEWHERE = "Users are made on the hub's page, or with `hub user add NAME`."
_TYPES = {".css": "text/css", ".json": "application/json"}
"""What cannot carry anything out in a page, and is asked for by its type."""


async def show_users(request: web.Request) -> web.Response:
    """GET /users: that there is one, whose settings are kept here; the door knows who it is."""
    return answer({"storage": "server", "migrated": True})


async def refuse_user(request: web.Request) -> web.Response:
    """POST /users: users have passwords and roles here, so they are made by the hub's own API."""
    body = await read_json(request)
    name = body.get("username") if isinstance(body, dict) else None
    names = [NOBODY, *(user.name for user in parts_of(request).door.accounts.all)]
    return answer({"error": _NAME_TAKEN if name in names else _MADE_ELSEWHERE}, status=400)


async def show_settings(request: web.Request) -> web.Response:
    """GET /settings: all that were set."""
    return answer(await asyncio.to_thread(_folder(request).settings))


async def change_settings(request: web.Request) -> web.Response:
    """POST /settings: set those in the body."""
    changed = await read_json(request)
    if not isinstance(changed, dict):
        raise Invalid("Settings are an object.")
    await _change(request, changed)
    return web.Response()


async def show_setting(request: web.Request) -> web.Response:
    """GET /settings/{id}: its value, or null."""
    settings = await asyncio.to_thread(_folder(request).settings)
    return answer(settings.get(request.match_info["id"]))


async def change_setting(request: web.Request) -> web.Response:
    """POST /settings/{id}: the body is its new value."""
    await _change(request, {request.match_info["id"]: await read_json(request)})
    return web.Response()


async def list_files(request: web.Request) -> web.Response:
    """GET /userdata?dir=&recurse=&full_info=&split=: the files in a directory."""
    directory = request.query.get("dir")
    if not directory:
        raise Invalid("Say which directory: /userdata?dir=…")
    return answer(await asyncio.to_thread(_listed, _folder(request), directory, request))


async def list_entries(request: web.Request) -> web.Response:
    """GET /v2/userdata?path=: files and directories in a directory."""
    path = request.query.get("path", "")
    return answer(await asyncio.to_thread(_entries, _folder(request), path))


async def send_file(request: web.Request) -> web.StreamResponse:
    """GET /userdata/{file}: its bytes."""
    try:
        file = await asyncio.to_thread(_folder(request).file, request.match_info["file"])
    except NotFound:
        if request.headers.get("Sec-Fetch-Dest") == "style":  # else the browser complains
            return web.Response(content_type="text/css")
        raise
    response = file_answer(file)
    if kind := _TYPES.get(file.suffix.lower()):
        response.content_type = kind
    response.headers["Cache-Control"] = "no-cache"
    return response


async def send_style(request: web.Request) -> web.StreamResponse:
    """GET /editor/user.css: how the user wants the editor to look, perhaps in no special way."""
    path = _folder(request).root / "user.css"
    if not await asyncio.to_thread(path.is_file):
        return web.Response(content_type="text/css")
    return web.FileResponse(path, headers={"Content-Type": "text/css"})


async def write_file(request: web.Request) -> web.Response:
    """POST /userdata/{file}?overwrite=&full_info=: the body becomes the file."""
    parts_of(request).books.disk_space.check()
    folder, name = _folder(request), request.match_info["file"]
    content = await read_body(request)
    overwrite = request.query.get("overwrite") != "false"
    path = await asyncio.to_thread(folder.write, name, content, overwrite=overwrite)
    return await _told(request, folder, path)


async def delete_file(request: web.Request) -> web.Response:
    """DELETE /userdata/{file}"""
    await asyncio.to_thread(_folder(request).delete, request.match_info["file"])
    return web.Response(status=204)


async def move_file(request: web.Request) -> web.Response:
    """POST /userdata/{file}/move/{to}?overwrite=&full_info="""
    folder, names = _folder(request), request.match_info
    overwrite = request.query.get("overwrite") != "false"
    path = await asyncio.to_thread(folder.move, names["file"], names["to"], overwrite=overwrite)
    return await _told(request, folder, path)


async def _change(request: web.Request, changed: dict[str, Any]) -> None:
    parts_of(request).books.disk_space.check()
    await asyncio.to_thread(_folder(request).change_settings, changed)


async def _told(request: web.Request, folder: UserFolder, path: Path) -> web.Response:
    """A file that was written: its name, or all of it."""
    is_full = request.query.get("full_info") in _TRUE
    return answer(await asyncio.to_thread(_shape, folder.root, path, is_full))


def _shape(root: Path, path: Path, is_full: bool) -> Any:
    ((name, _),) = relative([path], root)
    return {"path": name, **details(path)} if is_full else name


def _listed(folder: UserFolder, directory: str, request: web.Request) -> list[Any]:
    query = request.query
    paths = folder.files(directory, recursively=query.get("recurse") in _TRUE)
    named = list(relative(paths, folder.root / directory))
    if query.get("full_info") in _TRUE:
        return [{"path": name, **details(path)} for name, path in named]
    if query.get("split") in _TRUE:
        return [[name, *name.split("/")] for name, _ in named]
    return [name for name, _ in named]


def _entries(folder: UserFolder, directory: str) -> list[Any]:
    listed = []
    for name, path in relative(folder.entries(directory), folder.root):
        entry: dict[str, Any] = {"name": path.name, "path": name, "type": "directory"}
        if path.is_file():
            told = details(path)
            entry |= {"type": "file", "size": told["size"], "modified": told["modified"]}
        listed.append(entry)
    return listed


def _folder(request: web.Request) -> UserFolder:
    return UserFolder(parts_of(request).folders.users, identity_of(request).user)
