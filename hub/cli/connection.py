"""How commands reach a hub: the running one, or a short-lived one of their own."""

import asyncio
import contextlib
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
from hub.storage.data_lock import address_of_running_hub

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

    async def upload(self, file: Path) -> str:
        """Put a file into the hub's input store; gives its name there."""
        with file.open("rb") as content:
            query = {"name": file.name}
            async with self.session.post("/api/hub/inputs", params=query, data=content) as response:
                return str((await _answer(response))["name"])


async def _answer(response: aiohttp.ClientResponse) -> Any:
    body = await response.json(content_type=None)
    if response.status < 400:
        return body
    kind = _KINDS.get(response.status, HubError)
    raise kind(body["error"]["message"] if isinstance(body, dict) else str(body))


@asynccontextmanager
async def connect(config: Path) -> AsyncIterator[Connection]:
    """Reach the hub that runs on this configuration, or start one that watches nothing."""
    _, folders = await asyncio.to_thread(load_settings, config)
    address = address_of_running_hub(folders.data)
    if address is not None and await _answers(address):
        async with _hub_at(address) as connection:
            yield connection
        return
    from hub.app import Hub  # late: most commands find a running hub and need no other

    log_to_terminal(LogLevel.WARNING)
    async with (
        Hub(config, port=0, automations=False) as hub,
        _hub_at(hub.address) as connection,
    ):
        yield connection


@asynccontextmanager
async def _hub_at(address: str) -> AsyncIterator[Connection]:
    try:
        async with aiohttp.ClientSession(address) as session:
            yield Connection(address, session)
    except aiohttp.ClientError as error:
        raise HubWentAway(address) from error


async def _answers(address: str) -> bool:
    timeout = aiohttp.ClientTimeout(total=5)
    with contextlib.suppress(aiohttp.ClientError, TimeoutError):
        async with (
            aiohttp.ClientSession(address, timeout=timeout) as session,
            session.get("/healthz") as response,
        ):
            return response.status == 200
    return False
