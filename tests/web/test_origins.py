"""Pages of other origins, which `server: cors:` may let in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, WSServerHandshakeError, web
from multidict import CIMultiDictProxy

from hub.app import Hub
from hub.config.server_settings import ServerSettings
from hub.records.access import Role, Scope
from tests.web.browser import needs_chromium, open_page
from tests.web.configuration import SETTINGS
from tests.web.doors import House, house

LISTED = "https://app.example"
OTHER = "https://other.example"


@pytest.fixture
async def listing(tmp_path: Path) -> AsyncIterator[House]:
    """Whoever is at this machine needs no login, and one origin is listed."""
    async with house(tmp_path, ServerSettings(cors=[LISTED])) as made:
        yield made


@pytest.fixture
async def open_to_any(tmp_path: Path) -> AsyncIterator[House]:
    """The same, and any page may come that shows a token."""
    async with house(tmp_path, ServerSettings(cors=["*", LISTED])) as made:
        yield made


async def headers_of(
    house: House, path: str, method: str = "GET", **headers: str
) -> tuple[int, CIMultiDictProxy[str]]:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    async with (
        ClientSession() as session,
        session.request(method, house.server.make_url(path), headers=given) as response,
    ):
        return response.status, response.headers


async def test_pages_of_a_listed_origin_count_like_our_own(listing: House) -> None:
    told = {"Origin": LISTED, "Sec_Fetch_Site": "cross-site"}
    status, headers = await headers_of(listing, "/run", "POST", **told)
    assert (status, headers["Access-Control-Allow-Origin"]) == (200, LISTED)
    assert headers["Access-Control-Allow-Credentials"] == "true"
    assert await listing.status("/", **told) == 200
    assert await listing.status("/read", Origin=OTHER) == 403


async def test_a_picture_on_their_pages_is_shown(listing: House) -> None:
    shown = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"}
    assert await listing.status("/read", Referer=f"{LISTED}/", **shown) == 200
    assert await listing.status("/read", Referer=f"{LISTED}.evil/", **shown) == 403
    assert await listing.status("/read", Referer="https://[", **shown) == 403
    assert await listing.status("/read", **shown) == 403


async def test_browsers_are_told_before_a_request(listing: House) -> None:
    asked = {
        "Origin": LISTED,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    status, headers = await headers_of(listing, "/read", "OPTIONS", **asked)
    assert (status, headers["Access-Control-Allow-Origin"]) == (200, LISTED)
    assert "PUT" in headers["Access-Control-Allow-Methods"]
    assert headers["Access-Control-Allow-Headers"] == "authorization,content-type"
    assert await listing.status("/read", "OPTIONS", **{**asked, "Origin": OTHER}) == 403
    assert await listing.status("/read", "OPTIONS", **asked, Host="evil.example") == 403
    assert await listing.status("/read", "OPTIONS", Origin=LISTED) == 405


async def test_errors_can_be_read_too_and_what_is_refused_cannot(listing: House) -> None:
    status, headers = await headers_of(listing, "/nothing", Origin=LISTED)
    assert (status, headers["Access-Control-Allow-Origin"]) == (404, LISTED)
    status, headers = await headers_of(listing, "/read", Origin=OTHER)
    assert (status, "Access-Control-Allow-Origin" in headers) == (403, False)


async def test_caches_keep_answers_for_each_origin(listing: House) -> None:
    assert (await headers_of(listing, "/read"))[1]["Vary"] == "Origin"


async def test_without_the_setting_nothing_is_told(tmp_path: Path) -> None:
    async with house(tmp_path, ServerSettings()) as made:
        _, headers = await headers_of(made, "/read")
        assert not [name for name in headers if name.startswith("Access-Control") or name == "Vary"]
        asked = {"Access-Control-Request-Method": "GET"}
        assert await made.status("/read", "OPTIONS", **asked) == 405


async def test_a_stranger_shows_a_token(open_to_any: House) -> None:
    bearer = f"Bearer {await open_to_any.token('anna', Scope.READ)}"
    told = {"Origin": OTHER, "Sec_Fetch_Site": "cross-site"}
    status, headers = await headers_of(open_to_any, "/read", Authorization=bearer, **told)
    assert (status, headers["Access-Control-Allow-Origin"]) == (200, OTHER)
    assert "Access-Control-Allow-Credentials" not in headers
    assert await open_to_any.status("/run", "POST", Authorization=bearer, **told) == 403


async def test_nothing_else_of_a_stranger_counts(open_to_any: House) -> None:
    await open_to_any.door.accounts.add("anna", "long enough", Role.ADMIN)
    secret = await open_to_any.door.reception.log_in("anna", "long enough", "192.0.2.1")
    cookie = {"Cookie": f"hub_session={secret}"}
    for told in ({"Origin": OTHER}, {"Origin": "null"}, {"Sec_Fetch_Site": "same-site"}):
        assert await open_to_any.status("/read", **told) == 401  # though it is at this machine
        assert await open_to_any.status("/read", **told, **cookie) == 401
        assert await open_to_any.status("/", **told, **cookie) == 403
    assert await open_to_any.status("/run", "POST", Origin=LISTED, **cookie) == 200


APP = """<!doctype html><meta charset="utf-8"><title>An app</title>
<script src="app.js"></script>"""
SCRIPT = """
const hub = new URLSearchParams(location.search).get("hub");
const token = new URLSearchParams(location.search).get("token");
const headers = {"Authorization": `Bearer ${token}`, "Content-Type": "application/json"};
async function asked(path, options = {}) {
  try {
    const response = await fetch(hub + path, {headers, ...options});
    return [response.status, await response.json()];
  } catch (error) {
    return [0, String(error)];
  }
}
function first(path) {
  return new Promise((tell) => {
    const socket = new WebSocket(`${hub.replace("http", "ws")}${path}?token=${token}`);
    socket.onmessage = (message) => tell(JSON.parse(message.data).type);
    socket.onerror = () => tell("refused");
  });
}
"""
RUN = """asked("/api/hub/workflows/plain/run", {method: "POST", body: '{"wait": true}'})"""


@asynccontextmanager
async def app_of_another_origin() -> AsyncIterator[str]:
    """The origin of a server whose only page is an app."""

    async def page(request: web.Request) -> web.Response:
        return web.Response(text=APP, content_type="text/html")

    async def script(request: web.Request) -> web.Response:
        return web.Response(text=SCRIPT, content_type="text/javascript")

    app = web.Application()
    app.add_routes([web.get("/", page), web.get("/app.js", script)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://localhost:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@needs_chromium
@pytest.mark.parametrize("is_listed", [True, False])
async def test_an_app_in_a_browser_runs_a_workflow(config: Path, is_listed: bool) -> None:
    async with app_of_another_origin() as origin, open_page() as page:
        listed = origin if is_listed else "https://app.example"
        settings = f"{SETTINGS}server: {{login: always, cors: {listed}}}\n"
        await asyncio.to_thread((config / "hub.yaml").write_text, settings)
        async with Hub(config, port=0, worker_module="hub.testing.worker") as hub:
            anna = await hub.door.accounts.add("anna", "long enough", Role.ADMIN)
            _, token = await hub.door.keyring.add_token(anna, "app", Scope.RUN, None)
            await page.goto(f"{origin}/?hub={hub.address}&token={token}")
            status, answer = await page.evaluate(RUN)
            said = await page.evaluate("first('/ws')")
            lost, error = await page.evaluate("asked('/api/hub/runs/99')")
    if is_listed:
        assert (status, answer["run"]["state"], said) == (200, "succeeded", "status")
        assert (lost, error["error"]["type"]) == (404, "NoSuch")
    else:
        assert (status, said, lost) == (0, "refused", 0)


async def test_a_socket_of_a_stranger_opens_with_a_token_alone(config: Path) -> None:
    settings = f'{SETTINGS}server: {{cors: "*"}}\n'
    await asyncio.to_thread((config / "hub.yaml").write_text, settings)
    async with (
        Hub(config, port=0, worker_module="hub.testing.worker") as hub,
        ClientSession(hub.address, headers={"Origin": OTHER}) as session,
    ):
        anna = await hub.door.accounts.add("anna", "long enough", Role.ADMIN)
        _, token = await hub.door.keyring.add_token(anna, "app", Scope.READ, None)
        async with session.ws_connect(f"/ws?token={token}") as socket:
            assert (await socket.receive_json())["type"] == "status"
        with pytest.raises(WSServerHandshakeError, match="401"):
            await session.ws_connect("/ws")
