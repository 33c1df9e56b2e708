"""The API's description of itself, and a page that shows it."""

import asyncio
from pathlib import Path

from aiohttp import web

from hub.web.json_text import to_json

ROUTES_KEY = web.AppKey("routes", list[web.RouteDef])
DOCS = Path(__file__).parent / "docs"
FILES = {path.name for path in DOCS.iterdir()}


async def show_description(request: web.Request) -> web.Response:
    """GET /api/hub/openapi.json: what every route takes and gives, as OpenAPI 3.1."""
    routes = request.app[ROUTES_KEY]
    body = await asyncio.to_thread(_described, routes)
    return web.Response(body=body, content_type="application/json")


async def show_page(request: web.Request) -> web.FileResponse:
    """GET /api/hub/docs: a page that shows this description."""
    return web.FileResponse(DOCS / "index.html", headers={"Cache-Control": "no-cache"})


async def send_file(request: web.Request) -> web.FileResponse:
    """GET /api/hub/docs/{file}: what that page needs."""
    name = request.match_info["file"]
    if name not in FILES:
        raise web.HTTPNotFound
    return web.FileResponse(DOCS / name, headers={"Cache-Control": "no-cache"})


def _described(routes: list[web.RouteDef]) -> bytes:
    from hub.web.openapi.document import document  # the start of a hub does not wait for it

    return to_json(document(routes))
