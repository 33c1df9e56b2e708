"""The hub's own API: automations, firings, why, webhooks, health."""

import dataclasses
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from aiohttp import web

from hub.errors import Invalid
from hub.triggers.base import WebhookRequest
from hub.web.parts import parts_of
from hub.web.shapes import firing_details, firing_shape, opinion_shape


async def list_automations(request: web.Request) -> web.Response:
    """GET /api/hub/automations"""
    statuses = parts_of(request).supervisor.statuses()
    return web.json_response({"automations": [dataclasses.asdict(status) for status in statuses]})


async def list_firings(request: web.Request) -> web.Response:
    """GET /api/hub/firings?automation="""
    firings = await parts_of(request).books.firings.page(automation=request.query.get("automation"))
    return web.json_response({"firings": [firing_shape(firing) for firing in firings]})


async def show_firing(request: web.Request) -> web.Response:
    """GET /api/hub/firings/{firing}: the trace."""
    books = parts_of(request).books
    firing = await books.firings.get(request.match_info["firing"])
    event = await books.events.get(firing.event)
    steps = await books.firings.steps(firing.id)
    runs = await books.runs.of_firing(firing.id)
    return web.json_response(firing_details(firing, event, steps, runs))


async def explain(request: web.Request) -> web.Response:
    """GET /api/hub/why?path=: the path's bytes, percent-encoded, need not be UTF-8."""
    values = dict(
        part.split("=", 1) for part in request.url.raw_query_string.split("&") if "=" in part
    )
    if not values.get("path"):
        raise Invalid("Say which file: /api/hub/why?path=…")
    path = Path(os.fsdecode(unquote_to_bytes(values["path"].replace("+", " "))))
    return web.json_response({"explanations": await parts_of(request).why.path(path)})


async def show_status(request: web.Request) -> web.Response:
    """GET /api/hub/status: the queue, the workers, the disk, and files that need attention."""
    parts = parts_of(request)
    quarantined = await parts.books.ledger.quarantined()
    status: dict[str, Any] = {
        "remaining": parts.runs.remaining,
        "waiting": parts.engine.waiting,
        "workers": [dataclasses.asdict(worker) for worker in parts.engine.workers],
        "disk_free": parts.books.disk_space.free,
        "quarantined": [opinion_shape(opinion) for opinion in quarantined],
    }
    return web.json_response(status)


async def take_webhook(request: web.Request) -> web.Response:
    """POST or PUT /api/webhook/{webhook}"""
    parts = parts_of(request)
    reply = await parts.webhooks.deliver(
        request.match_info["webhook"],
        WebhookRequest(
            method=request.method,
            headers={name.lower(): value for name, value in request.headers.items()},
            query=dict(request.query),
            body=await request.read(),
            remote=request.remote or "",
        ),
    )
    return web.json_response(reply.body, status=reply.status)


async def healthz(request: web.Request) -> web.Response:
    """GET /healthz: the process answers."""
    return web.json_response({"status": "ok"})


async def readyz(request: web.Request) -> web.Response:
    """GET /readyz: a worker is ready to carry out runs; 503 with the reason until then."""
    engine = parts_of(request).engine
    if engine.ready.is_set():
        return web.json_response({"status": "ready"})
    reason = "No worker is ready yet; one is being started."
    return web.json_response({"status": "not ready", "reason": reason}, status=503)
