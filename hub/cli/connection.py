"""How commands reach a hub: the running one, or a short-lived one of their own.

A running hub may ask who they are: they show the token in `HUB_TOKEN`, or the key that it keeps in
its data folder for those who may read it.
"""

import asyncio
import contextlib
import hashlib
import os
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from yarl import URL

from hub.cli.log import LogLevel, log_to_terminal
from hub.config.settings import load_settings
from hub.errors import Conflict, HubError, Invalid, NotFound, Unavailable
from hub.storage.data_lock import address_of_running_hub, key_of_running_hub

_PEM = re.compile("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_KINDS: dict[int, type[HubError]] = {400: Invalid, 404: NotFound, 409: Conflict, 503: Unavailable}


class HubWentAway(Unavailable):
    """The hub stopped while a command talked to it."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"The hub at {address} went away. What it was asked to run goes on when it is back."
        )


@dataclass(frozen=True, slots=True)
class Connection:
    """An HTTP session with the hub at `address`."""

    address: str
    session: aiohttp.ClientSession

    async def get(self, path: str | URL, **query: str) -> Any:
        """The JSON at `path`. Raises the kind of error that the hub answered with."""
        async with self.session.get(path, params=query or None) as response:
            return await _answer(response)

    async def post(self, path: str, body: Any) -> Any:
        """The JSON answer to a JSON body."""
        async with self.session.post(path, json=body) as response:
            return await _answer(response)

    async def delete(self, path: str) -> Any:
        """The JSON answer, once what is there has gone."""
        async with self.session.delete(path) as response:
            return await _answer(response)

    async def upload(self, file: Path) -> str:
        """Put a file into the hub's input store; gives its name there."""
        return str((await self.send("/api/hub/inputs", file, name=file.name))["name"])

    async def send(self, path: str, file: Path, **query: str) -> Any:
        """The JSON answer to a file as body."""
        with file.open("rb") as content:
            async with self.session.post(path, params=query, data=content) as response:
                return await _answer(response)


async def _answer(response: aiohttp.ClientResponse) -> Any:
    body = await response.json(content_type=None)
    if response.status < 400:
        return body
    kind = _KINDS.get(response.status, HubError)
    raise kind(body["error"]["message"] if isinstance(body, dict) else str(body))


@asynccontextmanager
async def connect(config: Path) -> AsyncIterator[Connection]:
    """Reach the hub that runs on this configuration, or start one that watches nothing."""
    async with running_hub(config) as connection:
        if connection is not None:
            yield connection
            return
    from hub.app import Hub  # late: most commands find a running hub and need no other

    log_to_terminal(LogLevel.WARNING)
    async with (
        Hub(config, port=0, automations=False) as hub,
        _hub_at(hub.address, hub.door.key) as connection,
    ):
        yield connection


@asynccontextmanager
async def running_hub(config: Path) -> AsyncIterator[Connection | None]:
    """Reach the hub that runs on this configuration, if one does."""
    address, key, pin = await asyncio.to_thread(_way_in, config)
    if address is not None and await _answers(address, pin):
        async with _hub_at(address, key, pin) as connection:
            yield connection
    else:
        yield None


@asynccontextmanager
async def _hub_at(
    address: str, key: str | None, pin: aiohttp.Fingerprint | bool = True
) -> AsyncIterator[Connection]:
    headers = {"Authorization": f"Bearer {key}"} if key else None
    connector = aiohttp.TCPConnector(ssl=pin)
    try:
        async with aiohttp.ClientSession(address, headers=headers, connector=connector) as session:
            yield Connection(address, session)
    except aiohttp.ClientError as error:
        raise HubWentAway(address) from error


async def _answers(address: str, pin: aiohttp.Fingerprint | bool) -> bool:
    timeout = aiohttp.ClientTimeout(total=5)
    with contextlib.suppress(aiohttp.ClientError, TimeoutError):
        async with (
            aiohttp.ClientSession(address, timeout=timeout) as session,
            session.get("/healthz", ssl=pin) as response,
        ):
            return response.status == 200
    return False


def _way_in(config: Path) -> tuple[str | None, str | None, aiohttp.Fingerprint | bool]:
    """Where a hub said that it answers, what to show it, and how to know it."""
    settings, folders = load_settings(config)
    key = os.environ.get("HUB_TOKEN") or key_of_running_hub(folders.data)
    pin = _pin(config, settings.server.certificate)
    return address_of_running_hub(folders.data), key, pin


def _pin(config: Path, certificate: str | None) -> aiohttp.Fingerprint | bool:
    """The hub's own certificate and no other: it need not be for the address of this machine."""
    if certificate is None:
        return True
    with contextlib.suppress(OSError, ValueError):
        first = _PEM.search((config / certificate).read_text())
        der = ssl.PEM_cert_to_DER_cert(first[0]) if first else b""
        return aiohttp.Fingerprint(hashlib.sha256(der).digest())
    return True
