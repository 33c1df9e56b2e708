"""GET /api/hub/notices: every notice as JSON, for as long as somebody listens."""

from aiohttp import web

from hub.notices import Notice
from hub.web.json_text import to_json
from hub.web.parts import parts_of
from hub.web.shapes import notice_shape
from hub.web.sockets import Send, serve_socket

LIMIT = 5000
MOST_KEPT = 100

WRITTEN = web.AppKey["WrittenNotices"]("written notices")


class WrittenNotices:
    """Notices as JSON, each written once however many listen.

    `_latest` are the last ones by their identity, which is theirs alone while they are kept here.
    """

    def __init__(self) -> None:
        self._latest: dict[int, tuple[Notice, bytes]] = {}

    def text_of(self, notice: Notice) -> bytes:
        known = self._latest.get(id(notice))
        if known is None:
            if len(self._latest) >= MOST_KEPT:
                del self._latest[next(iter(self._latest))]
            known = self._latest[id(notice)] = notice, to_json(notice_shape(notice))
        return known[1]


async def send_notices(request: web.Request) -> web.WebSocketResponse:
    """A listener that is too slow loses its oldest notices and is told how many."""
    written = request.app[WRITTEN]
    with parts_of(request).notices.subscribe(LIMIT) as subscription:

        async def feed(send: Send) -> None:
            async for notice in subscription:
                await send(written.text_of(notice))

        return await serve_socket(request, feed)
