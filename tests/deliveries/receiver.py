"""A server that keeps what is posted to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass(kw_only=True)
class Receiver:
    """Answers with the status codes of `answers`, one after the other, and at last with 200.

    `received` are the headers (lower-case) and bodies of the requests so far; once there is one,
    `arrived` is set.
    """

    url: str = ""
    answers: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    content: Any = field(default_factory=lambda: {"ok": True})
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.received.append((headers, await request.read()))
        self.arrived.set()
        status = self.answers.pop(0) if self.answers else 200
        return web.json_response(self.content, status=status, headers=self.headers)


@asynccontextmanager
async def receiving(*answers: int, **rest: Any) -> AsyncIterator[Receiver]:
    """A receiver on this machine, for as long as the block lasts."""
    receiver = Receiver(answers=list(answers), **rest)
    app = web.Application(client_max_size=1 << 30)
    app.router.add_post("/{path:.*}", receiver.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()
