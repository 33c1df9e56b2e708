"""GET /api/hub/notices: every notice as JSON, for as long as somebody listens."""

from aiohttp import web

from hub.web.json_text import to_json
from hub.web.parts import parts_of
from hub.web.shapes import notice_shape
from hub.web.sockets import Send, serve_socket

LIMIT = 5000


async def send_notices(request: web.Request) -> web.WebSocketResponse:
    """A listener that is too slow loses its oldest notices and is told how many."""
    with parts_of(request).notices.subscribe(LIMIT) as subscription:

        async def feed(send: Send) -> None:
            async for notice in subscription:
                await send(to_json(notice_shape(notice)))

        return await serve_socket(request, feed)
