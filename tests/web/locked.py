"""A hub where everybody logs in, and browsers that keep their cookies."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, CookieJar

from hub.app import Hub

PASSWORD = "correct horse"


@asynccontextmanager
async def locked_hub(config: Path, settings: str = "login: always") -> AsyncIterator[Hub]:
    """A hub on this configuration folder with these settings of its `server:` section."""
    with (config / "hub.yaml").open("a") as file:
        file.write(f"server: {{{settings}}}\n")
    async with Hub(config, port=0, worker_module="hub.testing.worker") as hub:
        yield hub


class Visitor:
    """Somebody with a browser, or with a token."""

    def __init__(self, hub: Hub, token: str = "") -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else None
        self.session = ClientSession(
            hub.address, headers=headers, cookie_jar=CookieJar(unsafe=True)
        )

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON."""
        async with self.session.request(method, path, json=body) as response:
            return response.status, await response.json()

    async def log_in(self, name: str, **more: str) -> tuple[int, Any]:
        body = {"name": name, "password": PASSWORD, **more}
        return await self.ask("POST", "/api/hub/login", body)


@asynccontextmanager
async def visitor(hub: Hub, token: str = "") -> AsyncIterator[Visitor]:
    made = Visitor(hub, token)
    async with made.session:
        yield made
