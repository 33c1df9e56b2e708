"""The hub's own API: automations, what they did, and why."""

from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from hub.errors import Invalid
from hub.records.firing import FiringState
from hub.web.json_text import answer
from hub.web.parts import Parts, parts_of
from hub.web.query import page_length
from hub.web.shapes import automation_shape, event_shape, firing_details, happened_shape


async def list_automations(request: web.Request) -> web.Response:
    """GET /api/hub/automations: each with its triggers, how they are, and its latest firing."""
    parts = parts_of(request)
    statuses = parts.supervisor.statuses()
    latest = await parts.books.firings.latest_of([status.id for status in statuses])
    return answer(
        {"automations": [automation_shape(each, latest.get(each.id)) for each in statuses]}
    )


async def show_event(request: web.Request) -> web.Response:
    """GET /api/hub/events/{event}: what was observed, and its firing; null while it waits."""
    books = parts_of(request).books
    event = await books.events.get(request.match_info["event"])
    firings = await books.firings.of_event(event.id)
    return answer(event_shape(event, firings[0] if firings else None))


async def list_firings(request: web.Request) -> web.Response:
    """GET /api/hub/firings?automation=&state=&before=&limit="""
    books = parts_of(request).books
    firings = await books.firings.page(
        automation=request.query.get("automation"),
        state=_state(request),
        before=request.query.get("before"),
        limit=page_length(request),
    )
    events = await books.events.those([firing.event for firing in firings])
    happened = [happened_shape(firing, events.get(firing.event)) for firing in firings]
    return answer({"firings": happened})


async def show_firing(request: web.Request) -> web.Response:
    """GET /api/hub/firings/{firing}: the trace."""
    books = parts_of(request).books
    firing = await books.firings.get(request.match_info["firing"])
    event = await books.events.get(firing.event)
    steps = await books.firings.steps(firing.id)
    runs = await books.runs.of_firing(firing.id)
    return answer(firing_details(firing, event, steps, runs))


async def explain(request: web.Request) -> web.Response:
    """GET /api/hub/why?path=, ?webhook=, ?automation= or ?time=: a path's bytes, percent-encoded,
    need not be UTF-8."""
    parts = parts_of(request)
    explanations = await _explanations(request, parts)
    for explanation in explanations:
        for run in explanation["runs"]:
            run["held_up"] = parts.engine.held_up_by(run["id"])
    return answer({"explanations": explanations})


async def _explanations(request: web.Request, parts: Parts) -> list[dict[str, Any]]:
    if "webhook" in request.query:
        return await parts.happenings.webhook(request.query["webhook"])
    if "automation" in request.query:
        return await parts.happenings.automation(request.query["automation"])
    if "time" in request.query:
        return await parts.happenings.moment(_moment(request.query["time"]))
    query = parse_qs(urlsplit(request.raw_path).query, errors="surrogateescape")
    path = query.get("path", [""])[0]
    if not path or "\0" in path:
        raise Invalid("Say which file, webhook or time: /api/hub/why?path=…")
    return await parts.why.path(Path(path))


def _state(request: web.Request) -> FiringState | None:
    text = request.query.get("state")
    if text is None:
        return None
    if text not in list(FiringState):
        raise Invalid(f"{text[:50]!r} is no state; there are {', '.join(FiringState)}.")
    return FiringState(text)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{text[:50]!r} is no time: write one such as 2026-12-24T18:00.") from None
