"""Messages that a socket's client is sent, joined or not."""

import asyncio

import pytest
from aiohttp import WSCloseCode, WSMsgType, web
from aiohttp.test_utils import TestClient, TestServer

from hub.web.outgoing import MOST_WITHOUT_LOOK, Outgoing
from hub.web.sockets import close

SIZES = [0, 1, 125, 126, 127, (1 << 16) - 1, 1 << 16, 3 * MOST_WITHOUT_LOOK, 2]


async def said(*messages: tuple[bytes, bool]) -> list[tuple[WSMsgType, bytes]]:
    """What a client hears of messages that are sent at once; True is for those in binary."""

    async def send_all(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        send = Outgoing(request, socket)
        for message, binary in messages:
            await send(message, binary=binary)
        await socket.receive()  # the client leaves
        with pytest.raises(ConnectionResetError):
            await send(b"nobody is there any more")
        left.set()
        return socket

    left = asyncio.Event()
    app = web.Application()
    app.router.add_get("/", send_all)
    async with TestClient(TestServer(app)) as client:
        async with client.ws_connect("/", max_msg_size=0) as socket:
            heard = [await socket.receive() for _ in messages]
        await left.wait()
    return [
        (each.type, each.data.encode() if each.type is WSMsgType.TEXT else each.data)
        for each in heard
    ]


async def test_messages_of_any_size_arrive_whole_and_in_order() -> None:
    texts = [b"%c" % (97 + place) * size for place, size in enumerate(SIZES)]
    assert await said(*[(text, False) for text in texts]) == [
        (WSMsgType.TEXT, text) for text in texts
    ]


async def test_texts_and_bytes_keep_their_order() -> None:
    heard = await said((b"first", False), (b"\x00\xff", True), (b"last", False))
    assert heard == [
        (WSMsgType.TEXT, b"first"),
        (WSMsgType.BINARY, b"\x00\xff"),
        (WSMsgType.TEXT, b"last"),
    ]


async def test_last_words_come_before_the_goodbye() -> None:
    async def say_goodbye(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        await Outgoing(request, socket)(b"last words")
        await close(socket, code=WSCloseCode.GOING_AWAY, reason=b"the hub stops")
        return socket

    app = web.Application()
    app.router.add_get("/", say_goodbye)
    async with TestClient(TestServer(app)) as client, client.ws_connect("/") as socket:
        assert await socket.receive_str() == "last words"
        assert (await socket.receive()).type is WSMsgType.CLOSE
