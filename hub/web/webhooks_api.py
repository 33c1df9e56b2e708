"""Webhooks: requests that become events."""

from aiohttp import web

from hub.triggers.base import WebhookRequest
from hub.web.json_text import answer
from hub.web.parts import parts_of


async def take_webhook(request: web.Request) -> web.Response:
    """GET, POST or PUT /api/webhook/{webhook}: its trigger says which of them it takes."""
    reply = await parts_of(request).webhooks.deliver(
        request.match_info["webhook"],
        WebhookRequest(
            method=request.method,
            headers={name.lower(): value for name, value in request.headers.items()},
            query=dict(request.query),
            body=await request.read(),
            remote=request.remote or "",
        ),
    )
    return answer(reply.body, status=reply.status)
