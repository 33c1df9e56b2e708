"""Connections that have just been made: each is handed to the server, or refused with a word why.

Whoever opens ever more of them would take the hub's files from everybody else.
"""

import asyncio
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Protocol, cast

from hub.config.server_settings import ServerSettings
from hub.errors import TooMany
from hub.web.caller import is_loopback, is_trusted
from hub.web.errors import status_of
from hub.web.json_text import to_json

SECONDS_TO_COME_AGAIN = 30
SECONDS_TO_READ = 2.0  # for one who is refused, before the connection is cut
MOST_REFUSED = 100  # who are given that time at once
_HOUSE = 64  # bits of an IPv6 address that are not its owner's to choose


class TooManyConnections(TooMany):
    """One more would cost the others."""

    def __init__(self, most: int, setting: str, whence: str = "") -> None:
        super().__init__(
            f"{most} connections{whence} are open already, which is the most ({setting}). Close"
            " some of them."
        )


class Connected(Protocol):
    """One who is there; `peername` begins with the address."""

    @property
    def peername(self) -> Any: ...


class Server(Protocol):
    """What aiohttp's server is, as far as it matters here."""

    @property
    def connections(self) -> Sequence[Connected]: ...

    def __call__(self) -> asyncio.Protocol: ...


class Newcomers:
    """Makes the protocols of new connections."""

    def __init__(self, server: Server, settings: ServerSettings) -> None:
        self._server = server
        self._settings = settings
        self._refused: set[asyncio.Transport] = set()

    def __call__(self) -> asyncio.Protocol:
        return _Newcomer(self)

    def take(self, transport: asyncio.Transport) -> asyncio.Protocol:
        """What goes on with a connection: the server's protocol, or one that refuses it."""
        peer = transport.get_extra_info("peername")
        try:
            self.check(str(peer[0]) if peer else "")
        except TooManyConnections as error:
            return _Refusing(error, self._refused)
        return self._server()

    def check(self, address: str) -> None:
        """Whether one may come from there. Raises `TooManyConnections`."""
        settings, connections = self._settings, self._server.connections
        if len(connections) >= settings.max_connections:
            raise TooManyConnections(settings.max_connections, "max_connections")
        if is_loopback(address) or is_trusted(address, settings.trusted_proxies):
            return
        house = _house(address)
        peers = [connection.peername for connection in connections]
        if sum(_house(str(peer[0])) == house for peer in peers if peer) >= (
            most := settings.max_connections_each
        ):
            raise TooManyConnections(most, "max_connections_each", " from your address")


class _Newcomer(asyncio.Protocol):
    """Nothing is known of it but that it is there."""

    def __init__(self, newcomers: Newcomers) -> None:
        self._newcomers = newcomers

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        connection = cast(asyncio.Transport, transport)
        protocol = self._newcomers.take(connection)
        connection.set_protocol(protocol)
        protocol.connection_made(connection)


class _Refusing(asyncio.Protocol):
    """Answers whatever is asked with the reason, and leaves. To close at once would take back the
    answer from one who is still asking."""

    def __init__(self, reason: TooMany, refused: set[asyncio.Transport]) -> None:
        self._reason = reason
        self._refused = refused

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if len(self._refused) >= MOST_REFUSED:
            self._transport.abort()
            return
        self._refused.add(self._transport)
        self._transport.write(_answer(self._reason))
        if self._transport.can_write_eof():
            self._transport.write_eof()
        asyncio.get_running_loop().call_later(SECONDS_TO_READ, self._transport.abort)

    def connection_lost(self, error: Exception | None) -> None:
        self._refused.discard(self._transport)


def _answer(reason: TooMany) -> bytes:
    body = to_json({"error": {"type": type(reason).__name__, "message": str(reason)}})
    head = (
        f"HTTP/1.1 {status_of(reason)} Too Many Requests\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n"
        f"Retry-After: {SECONDS_TO_COME_AGAIN}\r\n\r\n"
    )
    return head.encode() + body


@lru_cache(maxsize=8192)
def _house(address: str) -> str:
    """What is counted as one address."""
    parsed = ip_address(address.partition("%")[0]) if address else None
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, _HOUSE), strict=False))
