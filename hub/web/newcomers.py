"""Connections that have just been made: each is handed to the server, or refused with a word why.

Whoever opens ever more of them would take the hub's files from everybody else.
"""

import asyncio
from collections.abc import Iterator, MutableSet, Sequence
from contextlib import contextmanager
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
    """Decides on each.

    State: `_entering` are those who connected and are not among the server's clients yet,
    `_refused` those who are told that they cannot be.
    """

    def __init__(self, server: Server, settings: ServerSettings) -> None:
        self._server = server
        self._settings = settings
        self._entering: set[_Newcomer] = set()
        self._refused: set[asyncio.Protocol] = set()

    def __call__(self) -> asyncio.Protocol:
        """The protocol of one who has just connected, from wherever it turns out to be."""
        return _Unknown(self)

    @contextmanager
    def meet(self, address: str) -> Iterator[asyncio.Protocol]:
        """The protocol of one who has connected from there, and inside the block counts as here.

        Raises `TooManyConnections` for one too many to be answered even that.
        """
        try:
            self.check(address)
        except TooManyConnections as error:
            if len(self._refused) >= MOST_REFUSED:
                raise
            newcomer = _Newcomer(address, _Refusing(error, self._refused), self._refused)
        else:
            newcomer = _Newcomer(address, self._server(), self._entering)
        with newcomer.counted():
            yield newcomer

    def check(self, address: str) -> None:
        """Whether one may come from there. Raises `TooManyConnections`."""
        settings = self._settings
        here: list[Connected] = [*self._server.connections, *self._entering]
        if len(here) >= settings.max_connections:
            raise TooManyConnections(settings.max_connections, "max_connections")
        if is_loopback(address) or is_trusted(address, settings.trusted_proxies):
            return
        house = _house(address)
        peers = [connection.peername for connection in here]
        if sum(_house(str(peer[0])) == house for peer in peers if peer) >= (
            most := settings.max_connections_each
        ):
            raise TooManyConnections(most, "max_connections_each", " from your address")


class _Unknown(asyncio.Protocol):
    """One of whom nothing is known but that it is there."""

    def __init__(self, newcomers: Newcomers) -> None:
        self._newcomers = newcomers

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = transport.get_extra_info("peername")
        try:
            with self._newcomers.meet(str(peer[0]) if peer else "") as newcomer:
                newcomer.connection_made(transport)
        except TooManyConnections:
            cast(asyncio.Transport, transport).abort()


class _Newcomer(asyncio.Protocol):
    """One who has connected. As soon as there is something to talk over, another protocol goes on,
    which then counts in its place."""

    def __init__(self, address: str, becomes: asyncio.Protocol, among: MutableSet[Any]) -> None:
        self.peername = (address,)
        self._becomes = becomes
        self._among = among

    @contextmanager
    def counted(self) -> Iterator[None]:
        self._among.add(self)
        try:
            yield
        finally:
            self._among.discard(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._among.discard(self)
        cast(asyncio.Transport, transport).set_protocol(self._becomes)
        self._becomes.connection_made(transport)


class _Refusing(asyncio.Protocol):
    """Answers whatever is asked with the reason, and leaves. To close at once would take back the
    answer from one who is still asking."""

    def __init__(self, reason: TooMany, refused: set[asyncio.Protocol]) -> None:
        self._reason = reason
        self._refused = refused

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._refused.add(self)
        connection = cast(asyncio.Transport, transport)
        connection.write(_answer(self._reason))
        if connection.can_write_eof():
            connection.write_eof()
        asyncio.get_running_loop().call_later(SECONDS_TO_READ, connection.abort)

    def connection_lost(self, error: Exception | None) -> None:
        self._refused.discard(self)


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
