"""WebSockets that mostly send: they end when the client goes, and with the server."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from aiohttp import WSMsgType, web

SOCKETS = web.AppKey("sockets", set[web.WebSocketResponse])


@asynccontextmanager
async def serving_socket(
    request: web.Request,
    socket: web.WebSocketResponse,
    received: Callable[[str], None] = lambda text: None,
) -> AsyncIterator[None]:
    """Open the socket; the block is left once the client closes it. Texts go to `received`."""
    await socket.prepare(request)
    request.app[SOCKETS].add(socket)
    sending = asyncio.current_task()
    assert sending is not None
    gone = False

    async def listen() -> None:
        nonlocal gone
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                received(message.data)
        gone = True
        sending.cancel()

    listening = asyncio.create_task(listen(), name="websocket")
    try:
        with suppress(ConnectionError):
            yield
    except asyncio.CancelledError:
        if not gone:
            raise
        sending.uncancel()
    finally:
        listening.cancel()
        request.app[SOCKETS].discard(socket)


async def close_sockets(app: web.Application) -> None:
    """On shutdown, so that nobody waits for a server that has gone."""
    for socket in list(app[SOCKETS]):
        await socket.close(code=1001, message=b"the hub is stopping")
