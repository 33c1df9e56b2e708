"""Open WebSockets: each is fed by a function of its own until its client leaves."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiohttp import WSCloseCode, WSMsgType, web

HEARTBEAT_SECONDS = 30
SOCKETS = web.AppKey("sockets", set[web.WebSocketResponse])

Send = Callable[[bytes], Awaitable[None]]
"""Sends one text message, given as UTF-8; waits while the client does not keep up."""

Feed = Callable[[Send], Awaitable[None]]
"""Sends messages for ever."""


async def serve_socket(request: web.Request, feed: Feed) -> web.WebSocketResponse:
    """Accept the request, then run `feed` until the client leaves or the server stops.

    Whatever the client says is read, which is how its leaving is noticed, and ignored.
    """
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, compress=False)
    await socket.prepare(request)
    request.app[SOCKETS].add(socket)
    try:
        async with asyncio.TaskGroup() as tasks:
            feeding = tasks.create_task(_feed(socket, feed), name=f"feed {request.path}")
            async for _ in socket:
                pass
            feeding.cancel()
    finally:
        request.app[SOCKETS].discard(socket)
    return socket


async def close_sockets(app: web.Application) -> None:
    """On shutdown, so that no client waits for a server that has gone."""
    for socket in app[SOCKETS].copy():
        await socket.close(code=WSCloseCode.GOING_AWAY, message=b"the hub is stopping")


async def _feed(socket: web.WebSocketResponse, feed: Feed) -> None:
    async def send(message: bytes) -> None:
        await socket.send_frame(message, WSMsgType.TEXT)

    with suppress(ConnectionResetError):  # the client has left; reading ends too
        await feed(send)
