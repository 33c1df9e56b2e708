"""ComfyUI's own editor, at `/editor/`: the files of the package `comfyui-frontend-package`.

It is a program of others that runs in the page's origin, with what its user may do. Its policy is
wider than that of our own pages: it styles elements in place, compiles WebAssembly, and shows
pictures that it made itself. But like them it talks to nobody but the hub.
"""

import asyncio
import base64
import mimetypes
import re
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from aiohttp import web

from hub.errors import NotFound
from hub.web.extensions import TYPES, send_file
from hub.web.files import PLAIN
from hub.web.json_text import answer

PARTS = {"/editor/{path}", "/{path}"}
"""Addresses of whatever the editor's folder has: what a node pack has there comes first."""

PACKAGE = "comfyui_frontend_package"
_POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' blob:{own}; worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self' data: blob:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"


class NoEditor(NotFound):
    """The package with the editor is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "ComfyUI's editor is not installed. Install the hub with it: "
            "pip install 'workflow-hub[editor]'."
        )


async def send_templates(request: web.Request) -> web.Response:
    """GET /editor/templates/index{of}.json: none; it asks for those of node packs apart."""
    return answer({} if request.match_info["of"] == "_logo" else [])


async def redirect(request: web.Request) -> web.Response:
    """GET /editor: its addresses are those below it."""
    raise web.HTTPPermanentRedirect("/editor/")


async def send_editor(request: web.Request) -> web.StreamResponse:
    """GET /editor/: the editor."""
    return await _send("index.html")


async def send_part(request: web.Request) -> web.StreamResponse:
    """GET /editor/{path}: its scripts, styles and pictures."""
    return await _send(request.match_info["path"])


async def send_extension(request: web.Request) -> web.StreamResponse:
    """GET /editor/extensions/{pack}/{path}: a file of a node pack's, or one of its own."""
    try:
        return await send_file(request)
    except NotFound:
        names = request.match_info
        return await _send(f"extensions/{names['pack']}/{names['path']}")


async def send_asset(request: web.Request) -> web.StreamResponse:
    """GET /assets/{path}: what it asks for from the root, wherever it was loaded from."""
    return await _send(f"assets/{request.match_info['path']}")


async def send_script(request: web.Request) -> web.StreamResponse:
    """GET /scripts/{path}: what scripts of node packs import by that address."""
    return await _send(f"scripts/{request.match_info['path']}")


async def _send(path: str) -> web.StreamResponse:
    folder = await asyncio.to_thread(_folder)
    if folder is None:
        raise NoEditor
    file = await asyncio.to_thread((folder / path).resolve) if "\0" not in path else folder
    if not file.is_relative_to(folder) or not await asyncio.to_thread(file.is_file):
        raise NotFound(f"The editor has no part {path[:100]!r}.")
    kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or PLAIN
    keeps = file.parent.name == "assets"
    headers = {
        "Content-Type": "text/html; charset=utf-8" if file.suffix == ".html" else kind,
        "Content-Security-Policy": await asyncio.to_thread(_policy, folder),
        "Cache-Control": _FOR_EVER if keeps else _ASK_AGAIN,
    }
    return web.FileResponse(file, headers=headers)


def is_installed() -> bool:
    """Whether the package with the editor is there."""
    return _folder() is not None


@cache
def _policy(folder: Path) -> str:
    """Scripts that stand in its own page are named by their hashes; no others there are run."""
    page = (folder / "index.html").read_bytes()
    hashes = [base64.b64encode(sha256(each).digest()).decode() for each in _INLINE.findall(page)]
    return _POLICY.format(own="".join(f" 'sha256-{each}'" for each in hashes))


@cache
def _folder() -> Path | None:
    """Where the package's files lie; None without it."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return None
    return (Path(spec.origin).parent / "static").resolve()
