"""GET /api/hub/notices: every notice as JSON, for as long as somebody listens."""

import json

from aiohttp import web

from hub.web.parts import parts_of
from hub.web.shapes import notice_shape
from hub.web.sockets import serving_socket

LIMIT = 5000


async def send_notices(request: web.Request) -> web.WebSocketResponse:
    """A listener that is too slow loses its oldest notices and is told how many."""
    socket = web.WebSocketResponse(heartbeat=30)
    with parts_of(request).notices.subscribe(LIMIT) as subscription:
        async with serving_socket(request, socket):
            async for notice in subscription:
                await socket.send_str(json.dumps(notice_shape(notice)))
    return socket
