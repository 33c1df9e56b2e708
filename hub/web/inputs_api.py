"""The hub's own API: files from clients become inputs that runs can name."""

import asyncio
from pathlib import Path

from aiohttp import web

from hub.config.folders import Folders
from hub.engine.input_files import InputFiles
from hub.errors import Invalid, NoSuch
from hub.storage.input_store import STORE_NAME
from hub.web.admission import admitted
from hub.web.json_text import answer
from hub.web.parts import parts_of
from hub.web.pictures import shown_file
from hub.web.uploads import kept


async def delete_input(request: web.Request) -> web.Response:
    """DELETE /api/hub/inputs/{name}: an input that nothing under way refers to."""
    parts = parts_of(request)
    name, deletions = request.match_info["name"], parts.books.deletions
    if STORE_NAME.fullmatch(name):
        size = await deletions.delete_input(name, parts.clock.now())
    else:
        path = await asyncio.to_thread(_uploaded, parts.folders, name)
        size = await deletions.delete_uploaded(name, path)
    return answer({"name": name, "bytes": size})


def _uploaded(folders: Folders, name: str) -> Path:
    """A file below the input folder, as `/upload/image` puts it there.

    Raises `NotFound`, `Invalid`.
    """
    path = InputFiles(folders).path(name)
    if not path.is_relative_to(folders.input.resolve()):
        raise NoSuch("input", name)
    return path


async def send_input(request: web.Request) -> web.StreamResponse:
    """GET /api/hub/inputs/{name}, or a JPEG of it with ?thumbnail=PIXELS."""
    files = InputFiles(parts_of(request).folders)
    path = await asyncio.to_thread(files.path, request.match_info["name"])
    return await shown_file(request, path)


async def upload_input(request: web.Request) -> web.Response:
    """POST /api/hub/inputs?name=FILE with the bytes as body; gives the name to refer to them by."""
    parts = parts_of(request)
    name = request.query.get("name", "")
    if not Path(name).name.strip(" ."):
        raise Invalid("Say what the file is called: /api/hub/inputs?name=…")
    async with kept(request, parts, Path(name).suffix) as path:
        return answer({"name": await admitted(parts, path, name)}, status=201)
