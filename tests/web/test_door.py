"""Who may talk to the hub."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import BaseTestServer

from hub.config.server_settings import ServerSettings
from hub.records.access import Role, Scope
from hub.web.door import without_token
from hub.web.hosts import is_own_address, is_own_name
from tests.web.doors import House, house

FORWARDED = "X-Forwarded-For"


@pytest.fixture
async def open_house(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path, ServerSettings()) as made:
        yield made


@pytest.fixture
async def door(open_house: House) -> BaseTestServer:
    return open_house.server


@pytest.fixture
async def locked(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path, ServerSettings(login="always", names=["hub.example.org"])) as made:
        yield made


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


async def test_at_this_machine_nobody_needs_to_log_in(open_house: House) -> None:
    assert await open_house.status("/read") == 200
    assert await open_house.status("/admin", "POST") == 200


@pytest.mark.parametrize("bearer", ["Bearer", "Bearer ", "Bearer of-another-service"])
async def test_keys_of_other_services_do_no_harm_there(open_house: House, bearer: str) -> None:
    assert await open_house.status("/run", "POST", Authorization=bearer) == 200


@pytest.mark.parametrize("header", [FORWARDED, "Forwarded", "X-Real-IP"])
async def test_whoever_comes_through_a_proxy_must_log_in(open_house: House, header: str) -> None:
    assert await open_house.status("/read", **{header: "127.0.0.1"}) == 401
    assert await open_house.status("/", **{header: "127.0.0.1"}) == 200


async def test_behind_a_lock_nothing_but_the_public_is_answered(locked: House) -> None:
    assert await locked.status("/") == 200
    assert await locked.status("/read") == 401
    assert await locked.status("/run", "POST") == 401
    assert await locked.status("/unsaid") == 401
    assert await locked.status("/nothing") == 401
    assert await locked.status("/read", Authorization="Bearer ") == 401


async def test_a_browser_is_sent_to_where_it_can_log_in(locked: House) -> None:
    async with (
        ClientSession() as session,
        session.get(
            locked.server.make_url("/read?a=1"),
            headers={"Accept": "text/html"},
            allow_redirects=False,
        ) as response,
    ):
        assert response.status == 303
        assert response.headers["Location"] == "/login?next=/read?a%3D1"


@pytest.mark.parametrize(
    ("scope", "answers"),
    [
        (Scope.READ, [200, 403, 403, 403]),
        (Scope.RUN, [200, 200, 403, 403]),
        (Scope.ADMIN, [200, 200, 200, 200]),
    ],
)
async def test_a_token_reaches_as_far_as_its_scope(
    locked: House, scope: Scope, answers: list[int]
) -> None:
    bearer = f"Bearer {await locked.token('anna', scope)}"
    asked = [("/read", "GET"), ("/run", "POST"), ("/admin", "POST"), ("/unsaid", "GET")]
    given = [await locked.status(path, how, Authorization=bearer) for path, how in asked]
    assert given == answers


async def test_clients_without_headers_show_the_token_in_the_address(locked: House) -> None:
    secret = await locked.token("anna", Scope.READ)
    assert await locked.status(f"/read?clientId=1&token={secret}") == 200
    assert await locked.status(f"/read?token={secret}x") == 401


async def test_a_login_is_shown_by_a_cookie(locked: House) -> None:
    await locked.door.accounts.add("anna", "long enough", Role.OPERATOR)
    secret = await locked.door.reception.log_in("anna", "long enough", "192.0.2.1")
    assert await locked.status("/run", "POST", Cookie=f"hub_session={secret}") == 200
    assert await locked.status("/admin", "POST", Cookie=f"hub_session={secret}") == 403
    await locked.door.keyring.end_login(secret)
    assert await locked.status("/run", "POST", Cookie=f"hub_session={secret}") == 401


async def test_commands_of_this_machine_have_a_key(locked: House) -> None:
    assert await locked.status("/admin", "POST", Authorization=f"Bearer {locked.door.key}") == 200


async def test_a_token_counts_where_none_is_needed(open_house: House) -> None:
    bearer = f"Bearer {await open_house.token('anna', Scope.READ)}"
    assert await open_house.status("/run", "POST", Authorization=bearer) == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_what_browsers_say_of_other_sites_counts(open_house: House, site: str) -> None:
    assert await open_house.status("/read", Sec_Fetch_Site=site, Sec_Fetch_Mode="no-cors") == 403
    assert await open_house.status("/run", "POST", Sec_Fetch_Site=site) == 403
    # A link that somebody follows shows something, and changes nothing.
    assert await open_house.status("/read", Sec_Fetch_Site=site, Sec_Fetch_Mode="navigate") == 200


@pytest.mark.parametrize(
    ("host", "answer"),
    [
        ("hub.example.org", 200),
        ("HUB.example.org.:443", 200),
        ("192.168.1.5:8188", 200),
        ("[fe80::1]", 200),
        ("localhost:1", 200),
        ("evil.example.org", 403),
        ("hub.example.org@evil", 403),
        ("[::1]evil.org", 403),
    ],
)
async def test_a_locked_hub_has_the_names_it_was_given(
    locked: House, host: str, answer: int
) -> None:
    assert await locked.status("/", Host=host) == answer


async def test_pages_behind_a_trusted_proxy_are_our_own(tmp_path: Path) -> None:
    settings = ServerSettings(names=["hub.example.org"], trusted_proxies=["127.0.0.1"])
    told = {FORWARDED: "203.0.113.9", "X-Forwarded-Host": "hub.example.org"}
    async with house(tmp_path, settings) as made:
        assert await made.status("/", Origin="https://hub.example.org", **told) == 200
        assert await made.status("/", Origin="https://evil.example", **told) == 403
        told["X-Forwarded-Host"] = "evil.example"
        assert await made.status("/", **told) == 403


def test_this_machine_has_a_name_of_its_own() -> None:
    assert is_own_name(f"{socket.gethostname()}:8188", ())
    assert not is_own_name("hub.example.org", ())


@pytest.mark.parametrize(
    ("query", "passed_on"),
    [
        ("", ""),
        ("a=1&token=hub_x&b=2", "a=1&b=2"),
        ("%74oken=hub%5fx", ""),
        ("token=the-packs-own&a=%20", "token=the-packs-own&a=%20"),
    ],
)
def test_packs_are_not_told_the_token(query: str, passed_on: str) -> None:
    assert without_token(query) == passed_on
