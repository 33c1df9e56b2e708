"""The hub's own API: automations, what they did, and why."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from hub.errors import Invalid
from hub.web.json_text import answer
from hub.web.parts import parts_of
from hub.web.query import page_length
from hub.web.shapes import firing_details, firing_shape


async def list_automations(request: web.Request) -> web.Response:
    """GET /api/hub/automations: each with its triggers, and how they are."""
    return answer({"automations": parts_of(request).supervisor.statuses()})


async def list_firings(request: web.Request) -> web.Response:
    """GET /api/hub/firings?automation=&limit="""
    firings = await parts_of(request).books.firings.page(
        automation=request.query.get("automation"), limit=page_length(request)
    )
    return answer({"firings": [firing_shape(firing) for firing in firings]})


async def show_firing(request: web.Request) -> web.Response:
    """GET /api/hub/firings/{firing}: the trace."""
    books = parts_of(request).books
    firing = await books.firings.get(request.match_info["firing"])
    event = await books.events.get(firing.event)
    steps = await books.firings.steps(firing.id)
    runs = await books.runs.of_firing(firing.id)
    return answer(firing_details(firing, event, steps, runs))


async def explain(request: web.Request) -> web.Response:
    """GET /api/hub/why?path=: the path's bytes, percent-encoded, need not be UTF-8."""
    query = parse_qs(urlsplit(request.raw_path).query, errors="surrogateescape")
    path = query.get("path", [""])[0]
    if not path or "\0" in path:
        raise Invalid("Say which file: /api/hub/why?path=…")
    return answer({"explanations": await parts_of(request).why.path(Path(path))})
