"""Webhooks: requests that become events, those that came lately, and the same ones again."""

import asyncio

from aiohttp import web

from hub.triggers.base import WebhookReply, WebhookRequest
from hub.triggers.webhook import WebhookTrigger
from hub.triggers.webhook_registry import UNKNOWN
from hub.web.files import file_answer
from hub.web.json_text import answer
from hub.web.parts import Parts, parts_of
from hub.web.query import page_length

SMALL = 256 << 10  # a body up to this is read at once
PIECE = 256 << 10
# A stranger is answered this long after its request came, whatever was looked at meanwhile.
STRANGERS_WAIT = 0.1


async def take_webhook(request: web.Request) -> web.StreamResponse:
    """GET, POST or PUT /api/webhook/{webhook}: its trigger says which of them it takes."""
    parts = parts_of(request)
    began = parts.clock.monotonic()
    webhook = request.match_info["webhook"]
    reply = await parts.webhooks.deliver(webhook, await _described(request, parts))
    if reply is UNKNOWN:
        await parts.clock.sleep(began + STRANGERS_WAIT - parts.clock.monotonic())
    return await _send(request, reply)


async def list_webhooks(request: web.Request) -> web.Response:
    """GET /api/hub/webhooks: what listens where, and how a caller shows that it may."""
    parts = parts_of(request)
    desks = parts.supervisor.known()
    told = [
        {
            "webhook": trigger.webhook_id,
            "automation": desk.automation.id,
            "alias": desk.automation.name,
            "methods": trigger.allowed_methods,
            "auth": trigger.caller.__struct_config__.tag,
            "respond": trigger.respond,
            "listens": parts.webhooks.listens(trigger.webhook_id),
        }
        for desk in desks
        for trigger in desk.automation.triggers
        if isinstance(trigger, WebhookTrigger) and trigger.enabled
    ]
    return answer({"webhooks": told})


async def list_requests(request: web.Request) -> web.Response:
    """GET /api/hub/webhooks/{webhook}/requests?limit=: the latest first."""
    handler = parts_of(request).webhooks.handler(request.match_info["webhook"])
    return answer({"requests": await handler.requests(page_length(request))})


async def replay_request(request: web.Request) -> web.Response:
    """POST /api/hub/webhooks/{webhook}/requests/{event}/replay: the same again, a new event."""
    handler = parts_of(request).webhooks.handler(request.match_info["webhook"])
    event = await handler.replay(request.match_info["event"])
    return answer({"event": event.id, "accepted": True}, status=202)


async def _described(request: web.Request, parts: Parts) -> WebhookRequest:
    length = request.content_length
    is_large = request.can_read_body and (length is None or length > SMALL)
    caller = parts.door.caller(request)
    return WebhookRequest(
        method=request.method,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=dict(request.query),
        body=b"" if is_large else await request.read(),
        remote=caller.address,
        rest=request.content.iter_chunked(PIECE) if is_large else None,
        may_be_anybody=caller.may_be_anybody,
    )


async def _send(request: web.Request, reply: WebhookReply) -> web.StreamResponse:
    if reply.stream is not None:
        return await _send_stream(request, reply)
    if reply.file is not None:
        if await asyncio.to_thread(reply.file.is_file):
            file = file_answer(reply.file)
            file.set_status(reply.status)
            file.headers.update(reply.headers)
            return file
        reply = WebhookReply(status=404, body={"error": {"type": "NotFound", "message": _GONE}})
    if reply.text is not None:
        response = web.Response(text=reply.text, status=reply.status)
        response.headers.update(reply.headers)
        return response
    return answer(reply.body, status=reply.status, headers=reply.headers or None)


_GONE = "The file that came of it is no longer there."


async def _send_stream(request: web.Request, reply: WebhookReply) -> web.StreamResponse:
    assert reply.stream is not None
    response = web.StreamResponse(status=reply.status, headers=reply.headers)
    await response.prepare(request)
    async for piece in reply.stream:
        await response.write(piece)
    await response.write_eof()
    return response
