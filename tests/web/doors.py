"""A server that has nothing but a door, with rooms behind it for readers, operators and admins."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientSession, web
from aiohttp.test_utils import BaseTestServer, TestServer

from hub.config.server_settings import ServerSettings
from hub.records.access import Role, Scope
from hub.storage.database import Database
from hub.storage.users import Users
from hub.testing.clock import ScriptedClock
from hub.web.bodies import read_body
from hub.web.door import DOOR, Door, add_headers, guard, identity_of
from hub.web.errors import answer_errors
from hub.web.scoped import admin, public, read, run

LATER = web.AppKey("later", asyncio.Event)


@dataclass(frozen=True, slots=True)
class House:
    """A door with its server and clock."""

    door: Door
    server: BaseTestServer
    clock: ScriptedClock
    later: asyncio.Event

    async def status(self, path: str, method: str = "GET", **headers: str) -> int:
        async with (
            ClientSession() as session,
            session.request(
                method,
                self.server.make_url(path),
                headers={name.replace("_", "-"): value for name, value in headers.items()},
                allow_redirects=False,
            ) as response,
        ):
            return response.status

    async def token(self, user: str, scope: Scope) -> str:
        """A new one of a user's; the user is made if it is not there."""
        if user not in self.door.keyring.users:
            await self.door.accounts.add(user, "long enough", Role.ADMIN)
        _, secret = await self.door.keyring.add_token(
            self.door.accounts.get(user), "test", scope, None
        )
        return secret


async def hello(request: web.Request) -> web.Response:
    return web.Response(text="hello")


async def measure(request: web.Request) -> web.Response:
    """How long the body is."""
    return web.Response(text=str(len(await read_body(request))))


async def measure_later(request: web.Request) -> web.Response:
    """The same, once it is told to begin."""
    await request.app[LATER].wait()
    return await measure(request)


async def fail_later(request: web.Request) -> web.Response:
    await request.app[LATER].wait()
    raise TimeoutError


async def who(request: web.Request) -> web.Response:
    return web.Response(text=str(identity_of(request).user))


@asynccontextmanager
async def house(folder: Path, settings: ServerSettings) -> AsyncIterator[House]:
    clock = ScriptedClock()
    async with Database(folder / "hub.sqlite") as database:
        door = await Door.open(settings, Users(database), clock)
        app = web.Application(middlewares=[answer_errors, guard])
        app[DOOR] = door
        later = app[LATER] = asyncio.Event()
        app.add_routes(
            [
                public.get("/", hello),
                read.get("/read", who),
                run.post("/run", who),
                run.post("/measure", measure),
                run.post("/later", measure_later),
                run.post("/timeout", fail_later),
                admin.post("/admin", who),
                web.get("/unsaid", hello),
            ]
        )
        app.on_response_prepare.append(add_headers)
        async with TestServer(app) as server:
            yield House(door, server, clock, later)
