"""ComfyUI's `/internal/logs`: the last lines of the log, and those that come, at the WebSocket."""

import asyncio
from contextlib import aclosing
from typing import Any

import msgspec
from aiohttp import web

from hub.recent_log import RECENT_LOG, Line
from hub.records.access import Scope
from hub.web.door import may_still
from hub.web.json_body import asked_for
from hub.web.json_text import answer, to_json
from hub.web.sockets import Send
from hub.web.standing import STANDING


class Subscription(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    client_id: str
    enabled: bool


async def show_log(request: web.Request) -> web.Response:
    """GET /internal/logs: the last lines of the log, as one text."""
    return answer("".join(line.text for line in RECENT_LOG.lines()))


async def show_log_lines(request: web.Request) -> web.Response:
    """GET /internal/logs/raw: the same, each line with its time."""
    return answer({"entries": _entries(RECENT_LOG.lines()), "size": {"cols": 80, "rows": 24}})


async def follow_log(request: web.Request) -> web.Response:
    """PATCH /internal/logs/subscribe: the open sockets of that client are sent the log, or not."""
    wanted = await asked_for(request, Subscription)
    for opened in request.app[STANDING]:
        ear = opened.request.get(_EAR)
        if ear and ear.client == wanted.client_id:
            ear.turn(on=wanted.enabled)
    return web.Response()


class LogEar:
    """Sends the log to the socket of a client while that is wanted.

    Whoever follows the log names a client, and anybody may call himself so at a socket; therefore
    the socket itself must have been opened by an admin.
    """

    def __init__(self, request: web.Request, client: str) -> None:
        self.client = client
        self._request = request
        self._wanted = asyncio.Event()
        request[_EAR] = self

    def turn(self, *, on: bool) -> None:
        if on:
            self._wanted.set()
        else:
            self._wanted.clear()

    async def feed(self, send: Send) -> None:
        while True:
            await self._wanted.wait()
            async with aclosing(RECENT_LOG.follow()) as portions:
                async for lines in portions:
                    if not self._wanted.is_set() or not may_still(self._request, Scope.ADMIN):
                        break
                    data = {"entries": _entries(lines), "size": None}
                    await send(to_json({"type": "logs", "data": data}))
            self._wanted.clear()


_EAR = web.RequestKey("log_ear", LogEar)


def _entries(lines: list[Line]) -> list[dict[str, Any]]:
    return [{"t": line.at.isoformat(), "m": line.text} for line in lines]
