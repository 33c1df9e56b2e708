"""Open WebSockets: each is fed by a function of its own until its client leaves."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Protocol

from aiohttp import WSCloseCode, WSMsgType, web

from hub.web.outgoing import Outgoing
from hub.web.standing import standing

HEARTBEAT_SECONDS = 30


class Send(Protocol):
    """Sends one message to the client; waits while it does not keep up."""

    async def __call__(self, message: bytes, *, binary: bool = False) -> None:
        """`message` is a text in UTF-8, or with `binary` just bytes."""


Feed = Callable[[Send], Awaitable[None]]
"""Sends messages for ever."""

Hear = Callable[[str, Send], Awaitable[None]]
"""Takes one text message of the client, and may answer it."""


async def serve_socket(
    request: web.Request, *feeds: Feed, hear: Hear | None = None
) -> web.WebSocketResponse:
    """Accept the request, then run `feeds` until the client leaves or the server stops.

    Whatever the client says is read, which is how its leaving is noticed; without `hear` it is
    ignored.
    """
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, compress=False)
    with standing(request, partial(close, socket)):
        await socket.prepare(request)
        send = Outgoing(request, socket)
        async with asyncio.TaskGroup() as tasks:
            feeding = [
                tasks.create_task(_feed(send, feed), name=f"feed {request.path}") for feed in feeds
            ]
            async for message in socket:
                if hear and message.type is WSMsgType.TEXT:
                    await hear(message.data, send)
            for task in feeding:
                task.cancel()
    return socket


async def close(socket: web.WebSocketResponse, code: WSCloseCode, reason: bytes) -> None:
    """Say goodbye to whoever is there already, after what was said before."""
    if socket.prepared:
        await asyncio.sleep(0)  # what is gathered goes out first
        await socket.close(code=code, message=reason)


async def _feed(send: Send, feed: Feed) -> None:
    with suppress(ConnectionResetError):  # the client has left; reading ends too
        await feed(send)
