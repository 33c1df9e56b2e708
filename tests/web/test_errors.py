"""Errors as HTTP answers."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import BaseTestServer, TestServer
from structlog.testing import capture_logs

from hub.errors import Conflict, HubError, Invalid, NoSuch, Unavailable
from hub.web.errors import Forbidden, answer_errors

RAISED: dict[str, Exception] = {
    "invalid": Invalid("That cannot be."),
    "missing": NoSuch("run", "7"),
    "forbidden": Forbidden("Not from there."),
    "conflict": Conflict("It is taken."),
    "unavailable": Unavailable("Try later."),
    "other": HubError("It went wrong."),
    "bug": ZeroDivisionError("secret detail"),
}


async def fail(request: web.Request) -> web.Response:
    raise RAISED[request.match_info["name"]]


@pytest.fixture
async def server() -> AsyncIterator[BaseTestServer]:
    app = web.Application(middlewares=[answer_errors])
    app.router.add_get("/{name}", fail)
    async with TestServer(app) as server:
        yield server


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("invalid", 400),
        ("missing", 404),
        ("forbidden", 403),
        ("conflict", 409),
        ("unavailable", 503),
        ("other", 500),
    ],
)
async def test_each_kind_has_its_status_and_tells_its_sentence(
    server: BaseTestServer, name: str, status: int
) -> None:
    async with ClientSession() as session, session.get(server.make_url(f"/{name}")) as response:
        assert response.status == status
        error = (await response.json())["error"]
        assert error == {"type": type(RAISED[name]).__name__, "message": str(RAISED[name])}


async def test_a_bug_is_logged_and_told_only_by_its_reference(server: BaseTestServer) -> None:
    with capture_logs() as logged:
        async with ClientSession() as session, session.get(server.make_url("/bug")) as response:
            assert response.status == 500
            text = await response.text()
    assert "secret detail" not in text
    assert "Traceback" not in text
    assert logged[0]["reference"] in text
    assert logged[0]["exc_info"]


async def test_a_wrong_address_gets_the_same_shape(server: BaseTestServer) -> None:
    async with ClientSession() as session, session.get(server.make_url("/a/b")) as response:
        assert response.status == 404
        message = "There is nothing at /a/b. /api/hub/docs shows what there is."
        assert (await response.json())["error"] == {"type": "HTTPNotFound", "message": message}


async def test_a_wrong_method_is_told_the_right_ones(server: BaseTestServer) -> None:
    async with ClientSession() as session, session.put(server.make_url("/a")) as response:
        assert response.status == 405
        message = "/a takes GET, HEAD, and not PUT."
        assert (await response.json())["error"]["message"] == message
