"""The hub's own API: the last lines of its log, and those that come."""

from contextlib import aclosing
from typing import Any

from aiohttp import web

from hub.recent_log import RECENT_LOG, Line
from hub.web.json_text import answer, to_json
from hub.web.query import number
from hub.web.sockets import Send, serve_socket


async def list_lines(request: web.Request) -> web.Response:
    """GET /api/hub/log?after=: the lines that are kept, oldest first."""
    return answer(_shape(RECENT_LOG.lines(_after(request))))


async def send_lines(request: web.Request) -> web.WebSocketResponse:
    """GET /api/hub/log/live?after=: the same as a WebSocket, and then whatever is logged, in
    portions. Who does not keep up misses lines, as their numbers tell."""
    after = _after(request)

    async def feed(send: Send) -> None:
        async with aclosing(RECENT_LOG.follow(after)) as portions:
            async for lines in portions:
                await send(to_json(_shape(lines)))

    return await serve_socket(request, feed)


def _after(request: web.Request) -> int:
    return number(request, "after") or 0


def _shape(lines: list[Line]) -> dict[str, Any]:
    return {
        "lines": [
            {
                "number": line.number,
                "at": line.at.isoformat(),
                "level": line.level,
                "text": line.text,
            }
            for line in lines
        ]
    }
