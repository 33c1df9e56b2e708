"""Who connects to a hub with HTTPS counts from then on, and has to agree on it in time."""

import asyncio
import shutil
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import uvloop
from aiohttp import web
from yarl import URL

from hub.config.server_settings import ServerSettings
from hub.web.listening import listening
from hub.web.newcomers import Newcomers, TooManyConnections
from tests.web.test_https import make_certificate

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")

NAME = "hub.example.org"
Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture(params=[uvloop.run, asyncio.run], ids=["uvloop", "asyncio"])
def run(request: pytest.FixtureRequest) -> Run:
    """Has something done by an event loop as the hub has it, and by one of another make."""
    runs: Run = request.param
    return runs


class Place:
    """Where a server with HTTPS listens, and how to get there."""

    def __init__(self, address: str, folder: Path, stack: AsyncExitStack) -> None:
        self._url = URL(address)
        self._context = ssl.create_default_context(cafile=folder / "hub.pem")
        self._stack = stack

    async def silent(self, said: bytes = b"") -> asyncio.StreamReader:
        """One that connects and says nothing, or what is no TLS."""
        reader, writer = await self._open()
        writer.write(said)
        return reader

    async def post(self, body: bytes) -> bytes:
        """What is answered to one who says what it wants as soon as it is in; it stays."""
        reader, writer = await self._open(ssl=self._context, server_hostname=NAME)
        writer.write(b"POST / HTTP/1.1\r\nHost: %b\r\n" % NAME.encode())
        writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        status = await reader.readline()
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        return status + await reader.readexactly(length)

    async def _open(self, **more: Any) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(self._url.host, self._url.port, **more)
        self._stack.push_async_callback(_leave, writer)
        return reader, writer


async def _leave(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()
    with suppress(OSError):
        await writer.wait_closed()


async def echo(request: web.Request) -> web.Response:
    return web.Response(body=await request.read())


@asynccontextmanager
async def place(folder: Path, max_connections: int = 100) -> AsyncIterator[Place]:
    make_certificate(folder)
    app = web.Application(client_max_size=10 << 20)
    app.router.add_post("/", echo)
    server = ServerSettings(
        certificate="hub.pem", key="hub.key.pem", max_connections=max_connections
    )
    async with AsyncExitStack() as stack, listening(app, server, folder, 0) as address:
        yield Place(address, folder, stack)


OK, FULL = b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 429 Too Many Requests\r\n"


def test_nothing_is_lost_of_what_is_said_at_once(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        bodies = [bytes([count]) * 300_000 for count in range(8)]
        async with place(tmp_path) as there:
            assert await asyncio.gather(*map(there.post, bodies)) == [OK + each for each in bodies]

    run(scenario())


def test_one_who_never_speaks_tls_counts(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with place(tmp_path, max_connections=1) as there:
            await there.silent()
            assert (await there.post(b"")).startswith(FULL)

    run(scenario())


def test_many_who_never_speak_tls_keep_nobody_out_for_long(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.newcomers.MOST_REFUSED", 3)

    async def scenario() -> None:
        async with place(tmp_path, max_connections=5) as there:
            with monkeypatch.context() as hurried:
                hurried.setattr("hub.web.accepting.SECONDS_TO_AGREE", 0.1)
                everyone = [await there.silent() for _ in range(20)]
                assert await asyncio.gather(*[one.read() for one in everyone]) == [b""] * 20
            assert (await there.post(b"in")) == OK + b"in"

    run(scenario())


def test_one_who_speaks_something_else_is_cut_off(run: Run, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with place(tmp_path, max_connections=1) as there:
            unencrypted = await there.silent(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"HTTP" not in await unencrypted.read()
            assert (await there.post(b"in")) == OK + b"in"

    run(scenario())


def test_the_server_ends_without_waiting_for_those_who_say_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.accepting.SECONDS_TO_AGREE", 1000)

    async def scenario() -> None:
        async with asyncio.timeout(50), place(tmp_path) as there:
            for _ in range(3):
                await there.silent()
            assert (await there.post(b"in")) == OK + b"in"

    run(scenario())


def test_those_who_have_not_agreed_yet_count_for_their_address() -> None:
    with ExitStack() as entering:
        newcomers = Newcomers(Nobody(), ServerSettings(max_connections_each=2))
        for _ in range(2):
            entering.enter_context(newcomers.meet("192.0.2.1"))
        with pytest.raises(TooManyConnections, match="max_connections_each"):
            newcomers.check("192.0.2.1")
        newcomers.check("192.0.2.2")
    newcomers.check("192.0.2.1")


class Nobody:
    """A server without clients."""

    connections = ()

    def __call__(self) -> asyncio.Protocol:
        return asyncio.Protocol()
