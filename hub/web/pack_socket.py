"""WebSockets between clients and the routes of node packs: what one side says, the other hears."""

import asyncio
from functools import partial

from aiohttp import (
    ClientError,
    ClientSession,
    ClientWebSocketResponse,
    WSMsgType,
    WSServerHandshakeError,
    web,
)
from multidict import CIMultiDict
from yarl import URL

from hub.engine.pack_additions import PackServerAway
from hub.web.errors import error_answer
from hub.web.sockets import HEARTBEAT_SECONDS, close
from hub.web.standing import standing

Side = web.WebSocketResponse | ClientWebSocketResponse
DATA = (WSMsgType.TEXT, WSMsgType.BINARY)
UNSENDABLE = {1005: 1000, 1006: 1011}
"""What stands for a close without a code, and for none at all; no frame may carry these."""


def is_upgrade(request: web.Request) -> bool:
    return request.headers.get("Upgrade", "").lower() == "websocket"


async def join_sockets(
    request: web.Request, session: ClientSession, url: URL, headers: CIMultiDict[str]
) -> web.StreamResponse:
    """Accept the client once the pack has accepted us, and join the two until one leaves."""
    wanted = headers.pop("Sec-WebSocket-Protocol", "")
    protocols = [name.strip() for name in wanted.split(",") if name.strip()]
    for name in [name for name in headers if name.lower().startswith("sec-websocket-")]:
        headers.popall(name, None)
    try:
        connected = await session.ws_connect(
            url, headers=headers, protocols=protocols, max_msg_size=0, compress=0
        )
    except WSServerHandshakeError as error:
        return error_answer(error.status, "NoWebSocket", "The node pack accepts no WebSocket here.")
    except (ClientError, TimeoutError) as error:
        raise PackServerAway from error
    async with connected as pack:
        chosen = [pack.protocol] if pack.protocol else []
        client = web.WebSocketResponse(
            protocols=chosen, heartbeat=HEARTBEAT_SECONDS, max_msg_size=0, compress=False
        )
        with standing(request, partial(close, client)):
            await client.prepare(request)
            await _join(client, pack)
        return client


async def _join(client: web.WebSocketResponse, pack: ClientWebSocketResponse) -> None:
    ways = [
        asyncio.create_task(_pass_on(client, pack)),
        asyncio.create_task(_pass_on(pack, client)),
    ]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)


async def _pass_on(source: Side, target: Side) -> None:
    """Until the source closes; then the target is closed in the same way."""
    async for message in source:
        if message.type in DATA:
            content = message.data.encode() if message.type is WSMsgType.TEXT else message.data
            await target.send_frame(content, message.type)
    code = source.close_code or 1000
    await target.close(code=UNSENDABLE.get(code, code))
