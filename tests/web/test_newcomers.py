"""How many connections there may be, and for how long they may be silent."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from yarl import URL

from hub.app import Hub
from hub.config.server_settings import ServerSettings
from hub.web.newcomers import Newcomers, TooManyConnections
from tests.web.locked import locked_hub

OK = b"HTTP/1.1 200 OK\r\n"


@asynccontextmanager
async def connection(hub: Hub, asked: bytes | None = None) -> AsyncIterator[asyncio.StreamReader]:
    """One that stays open, and on which something was asked."""
    url = URL(hub.address)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    healthz = f"GET /healthz HTTP/1.1\r\nHost: {url.authority}\r\n\r\n".encode()
    try:
        writer.write(healthz if asked is None else asked)
        yield reader
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def test_one_connection_too_many_is_told_so(config: Path) -> None:
    async with locked_hub(config, "max_connections: 2") as hub:
        async with connection(hub) as first, connection(hub) as second:
            for reader in (first, second):
                assert await reader.readline() == OK
            async with connection(hub) as refused:
                assert await refused.readline() == b"HTTP/1.1 429 Too Many Requests\r\n"
                _, _, body = (await refused.read()).partition(b"\r\n\r\n")
        told = json.loads(body)["error"]
        assert told["type"] == "TooManyConnections"
        assert "max_connections" in told["message"]


async def test_there_is_room_again_when_one_leaves(config: Path) -> None:
    async with locked_hub(config, "max_connections: 1") as hub:
        async with connection(hub) as reader:
            assert await reader.readline() == OK
        answer = b""
        while answer != OK:  # the hub may not have noticed yet
            async with connection(hub) as reader:
                answer = await reader.readline()


@pytest.mark.parametrize("asked", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX: y"])
async def test_who_asks_nothing_for_long_is_cut_off(config: Path, asked: bytes) -> None:
    async with locked_hub(config, "patience: 0.1s") as hub, connection(hub, asked) as reader:
        assert await reader.read() == b""


class Connected:
    """As a server knows its clients."""

    def __init__(self, *addresses: str) -> None:
        self.connections = [Peer(address) for address in addresses]

    def __call__(self) -> asyncio.Protocol:
        return asyncio.Protocol()


class Peer:
    def __init__(self, address: str) -> None:
        self.peername = (address, 50000)


@pytest.mark.parametrize(
    ("there", "newcomer"),
    [
        (["192.0.2.1", "192.0.2.1"], "192.0.2.1"),
        (["::ffff:192.0.2.1", "192.0.2.1"], "::ffff:192.0.2.1"),
        (["2001:db8::1", "2001:db8::2"], "2001:db8::3"),
        (["fe80::1%eth0", "fe80::2%eth0"], "fe80::3%eth0"),
    ],
)
def test_one_address_has_only_so_many(there: list[str], newcomer: str) -> None:
    newcomers = Newcomers(Connected(*there), ServerSettings(max_connections_each=2))
    with pytest.raises(TooManyConnections, match="max_connections_each"):
        newcomers.check(newcomer)


@pytest.mark.parametrize(
    ("there", "newcomer"),
    [
        (["192.0.2.1", "192.0.2.2"], "192.0.2.1"),
        (["2001:db8::1", "2001:db8:1::1"], "2001:db8:2::1"),
        (["127.0.0.1", "127.0.0.1"], "127.0.0.1"),
        (["10.0.0.1", "10.0.0.1"], "10.0.0.1"),
        (["192.0.2.1"], ""),
    ],
)
def test_others_this_machine_and_proxies_are_let_in(there: list[str], newcomer: str) -> None:
    settings = ServerSettings(max_connections_each=2, trusted_proxies=["10.0.0.0/8"])
    Newcomers(Connected(*there), settings).check(newcomer)
