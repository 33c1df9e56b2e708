"""GET /ws: ComfyUI's WebSocket."""

import json
import uuid

from aiohttp import web

from hub.web.comfy_messages import messages_of, status
from hub.web.parts import parts_of
from hub.web.sockets import serving_socket

LIMIT = 5000


async def send_messages(request: web.Request) -> web.WebSocketResponse:
    """Text messages in ComfyUI's order, for the client that `clientId` names."""
    parts = parts_of(request)
    client = request.query.get("clientId") or uuid.uuid4().hex
    socket = web.WebSocketResponse(heartbeat=30)
    with parts.notices.subscribe(LIMIT) as subscription:
        async with serving_socket(request, socket):
            await socket.send_str(json.dumps(status(parts.runs.remaining, sid=client)))
            async for notice in subscription:
                for message in messages_of(notice, client, parts.runs.remaining):
                    await socket.send_str(json.dumps(message))
    return socket
