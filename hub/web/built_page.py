"""The page that people look at: built from `frontend/`, served as files.

Everything in `assets` has a hash of its content in its name, so a browser may keep it for ever.
"""

import asyncio
from pathlib import Path

from aiohttp import web

from hub.errors import NotFound
from hub.web.inside import file_inside

PAGE = Path(__file__).parent / "page"
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"


class PageNotBuilt(NotFound):
    """The hub runs from its sources, and the page was not made from them yet."""

    def __init__(self) -> None:
        super().__init__(
            "The page has not been built. Run `script/setup`, or `python frontend/build.py`. "
            "Everything else of the hub works without it."
        )


async def send_page(request: web.Request) -> web.FileResponse:
    """GET /: the page; what it shows comes from the API."""
    index = PAGE / "index.html"
    if not await asyncio.to_thread(index.is_file):
        raise PageNotBuilt
    return web.FileResponse(index, headers={"Cache-Control": _ASK_AGAIN})


async def send_part(request: web.Request) -> web.FileResponse:
    """GET /page/{path}: scripts, styles and drawings."""
    path = await asyncio.to_thread(file_inside, PAGE, request.match_info["path"])
    keeps = path.parent.name == "assets"
    return web.FileResponse(path, headers={"Cache-Control": _FOR_EVER if keeps else _ASK_AGAIN})
