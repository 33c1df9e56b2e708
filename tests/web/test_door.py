"""Who may talk to the hub."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import BaseTestServer, TestServer

from hub.web.door import add_headers, guard, is_own_address
from hub.web.errors import answer_errors


async def hello(request: web.Request) -> web.Response:
    return web.Response(text="hello")


@pytest.fixture
async def door() -> AsyncIterator[BaseTestServer]:
    """A server that has nothing but the door."""
    app = web.Application(middlewares=[answer_errors, guard])
    app.router.add_get("/", hello)
    app.on_response_prepare.append(add_headers)
    async with TestServer(app) as server:
        yield server


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "127.9.9.9", "[::1]"])
def test_this_machine_has_several_names(name: str) -> None:
    assert is_own_address(f"{name}:8188", 8188)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "example.org:8188",
        "127.0.0.1",
        "127.0.0.1:8189",
        "127.0.0.1.example.org:8188",
        "localhost:8188@example.org",
        "evil@127.0.0.1:8188",
        "10.0.0.1:8188",
        "[::2]:8188",
        "localhost:8188/",
        "localhost:port",
    ],
)
def test_other_names_and_ports_are_not_ours(host: str) -> None:
    assert not is_own_address(host, 8188)


async def test_a_program_without_origin_is_let_in(door: BaseTestServer) -> None:
    async with ClientSession() as session, session.get(door.make_url("/")) as response:
        assert response.status == 200


async def test_a_name_that_was_pointed_here_is_refused(door: BaseTestServer) -> None:
    headers = {"Host": f"evil.example:{door.port}"}
    async with (
        ClientSession() as session,
        session.get(door.make_url("/"), headers=headers) as response,
    ):
        assert response.status == 403
        assert (await response.json())["error"]["type"] == "ForeignHost"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
async def test_pages_of_other_sites_are_refused(door: BaseTestServer, origin: str) -> None:
    async with (
        ClientSession() as session,
        session.get(door.make_url("/"), headers={"Origin": origin}) as response,
    ):
        assert response.status == 403
        assert (await response.json())["error"]["type"] == "ForeignOrigin"


async def test_our_own_page_is_let_in(door: BaseTestServer) -> None:
    headers = {"Origin": f"http://127.0.0.1:{door.port}"}
    async with (
        ClientSession() as session,
        session.get(door.make_url("/"), headers=headers) as response,
    ):
        assert response.status == 200


@pytest.mark.parametrize("path", ["/", "/nothing"])
async def test_every_answer_carries_the_security_headers(door: BaseTestServer, path: str) -> None:
    async with ClientSession() as session, session.get(door.make_url(path)) as response:
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
