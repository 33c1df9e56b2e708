"""Files that node packs bring for the editor: `/extensions`.

They are programs that the editor carries out, with the rights of its user: like the rest of a
pack, trusted code. What is held here is only that no address leads out of a pack's folder.
"""

import asyncio
import mimetypes
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from hub.errors import NoSuch
from hub.web.files import PLAIN
from hub.web.inside import file_inside
from hub.web.json_text import answer
from hub.web.parts import parts_of

# Systems differ in what they take these for, and a browser refuses scripts of another type.
TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".wasm": "application/wasm",
}
OWN_NAME = "workflow-hub"
OWN = Path(__file__).parent / "editor_scripts"
ASKED_FOR_ANEW = {".js", ".mjs", ".css", ".json", ".html"}


async def list_extensions(request: web.Request) -> web.Response:
    """GET /extensions: the scripts that the editor loads."""
    return answer(await asyncio.to_thread(_scripts, _folders(request)))


async def send_file(request: web.Request) -> web.FileResponse:
    """GET /extensions/{pack}/{path}: a file of a pack's, never from outside its folder."""
    pack, path = request.match_info["pack"], request.match_info["path"]
    folder = _folders(request).get(pack)
    if folder is None:
        raise NoSuch("node pack with files for the editor", pack)
    file = await asyncio.to_thread(file_inside, folder, path)
    suffix = file.suffix.lower()
    kind = TYPES.get(suffix) or mimetypes.guess_type(file.name)[0] or PLAIN
    headers = {"Content-Type": kind}
    if suffix in ASKED_FOR_ANEW:
        headers["Cache-Control"] = "no-cache"
    return web.FileResponse(file, headers=headers)


def _folders(request: web.Request) -> dict[str, Path]:
    """Those of the packs, and our own."""
    return {**parts_of(request).engine.additions.web_folders, OWN_NAME: OWN}


def _scripts(folders: dict[str, Path]) -> list[str]:
    return [
        f"/extensions/{quote(name)}/{quote(path.relative_to(folder).as_posix())}"
        for name, folder in folders.items()
        for path in _files_inside(folder)
    ]


def _files_inside(folder: Path) -> Iterator[Path]:
    root = folder.resolve()
    for path in sorted(folder.rglob("*.js")):
        real = path.resolve()
        if real.is_file() and real.is_relative_to(root):
            yield path
