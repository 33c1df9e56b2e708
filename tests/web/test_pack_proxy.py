"""Routes of node packs, through a whole hub with a real worker."""

import asyncio
import json
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import ClientError, UnixConnector, WSMsgType, WSServerHandshakeError

from hub.app import Hub
from hub.web import pack_proxy
from tests.engine.story import until
from tests.web.client import Client
from tests.web.configuration import plain_graph
from tests.web.extras_hub import HubWithExtras

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest.fixture
def client(hub_with_extras: HubWithExtras) -> Client:
    return hub_with_extras[1]


@pytest.mark.parametrize("prefix", ["", "/api"])
async def test_a_route_is_answered_at_both_addresses_without_the_hubs_credentials(
    client: Client, prefix: str
) -> None:
    headers = {"Authorization": "Bearer x", "Cookie": "hub=1", "Connection": "X-Hop", "X-Hop": "1"}
    url = f"{prefix}/extras/hello/J%C3%BCrgen?a=1&b=%26"
    async with client.session.get(url, headers=headers) as response:
        told = await response.json()
        assert "Set-Cookie" not in response.headers
        assert response.headers["X-Extra"] == "yes"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert told == {"name": "Jürgen", "query": {"a": "1", "b": "&"}, "secret": []}


async def test_a_large_body_is_passed_on_as_it_comes(client: Client) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield bytes(1 << 20)
        async with client.session.get("/extras/arriving") as other:
            assert await other.text() == "some of it"
        for _ in range(119):
            yield bytes(1 << 20)

    async with client.session.post("/extras/size", data=body()) as response:
        assert await response.json() == {"size": 120 << 20}


async def test_so_is_one_that_says_how_long_it_is(client: Client) -> None:
    async with client.session.post("/extras/size", data=BytesIO(bytes(101 << 20))) as response:
        assert await response.json() == {"size": 101 << 20}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_every_method_and_status_is_passed_on(client: Client, method: str) -> None:
    async with client.session.request(method, "/extras/body", data=b"\0body") as response:
        assert (response.headers["X-Method"], await response.read()) == (method, b"\0body")


async def test_a_body_that_a_pack_refuses_is_refused(client: Client) -> None:
    async with client.session.put("/extras/body", data=BytesIO(bytes(101 << 20))) as response:
        assert response.status == 413


async def test_routes_added_in_other_ways_are_there_too(client: Client) -> None:
    for path in ("/extras/added", "/api/extras/listed"):
        assert await client.get(path) == (200, ["begun"])
    async with client.session.get("/extras/view") as response:
        assert await response.text() == "default"
    async with client.session.head("/extras/added") as response:
        assert (response.status, await response.read()) == (200, b"")


async def test_a_part_of_a_packs_file_may_be_asked_for(client: Client) -> None:
    headers = {"Range": "bytes=2-4"}
    async with client.session.get("/extras/static/digits.txt", headers=headers) as response:
        assert (response.status, await response.text()) == (206, "234")


async def test_events_come_while_the_pack_is_still_answering(client: Client) -> None:
    async with client.session.get("/extras/ticks") as response:
        assert await response.content.readuntil(b"\n\n") == b"data: tick\n\n"
        async with client.session.get("/extras/tock") as other:
            assert other.status == 200
        assert await response.content.read() == b"data: tock\n\n"


async def test_a_websocket_goes_both_ways_and_closes_with_the_packs_code(client: Client) -> None:
    async with client.session.ws_connect("/api/extras/echo", protocols=["x", "parrot"]) as socket:
        assert socket.protocol == "parrot"
        await socket.send_str("hello")
        assert await socket.receive_str() == "HELLO"
        await socket.send_bytes(b"abc")
        assert await socket.receive_bytes() == b"cba"
        await socket.send_str("bye")
        assert (await socket.receive()).type is WSMsgType.CLOSE
        assert socket.close_code == 4001


async def test_a_pack_that_raises_tells_no_secret(client: Client) -> None:
    status, answer = await client.get("/extras/raises")
    assert (status, answer["error"]["type"]) == (500, "PackRouteFailed")
    assert "secret" not in json.dumps(answer)


async def test_half_an_answer_does_not_look_like_a_whole_one(client: Client) -> None:
    with pytest.raises(ClientError):
        async with client.session.get("/extras/breaks") as response:
            await response.read()


async def test_a_pack_that_blocks_holds_up_nobody_but_packs(client: Client, tmp_path: Path) -> None:
    release = tmp_path / "release"
    held = asyncio.create_task(client.session.get(f"/extras/blocks?until={release}"))
    run = await client.run(plain_graph(), client="other")
    assert run["state"] == "succeeded"
    assert not held.done()
    release.touch()
    async with await held as response:
        assert await response.text() == "done"


async def test_what_neither_the_hub_nor_a_pack_has_is_not_found(client: Client) -> None:
    assert (await client.get("/extras/nothing"))[0] == 404
    assert (await client.post("/extras/added"))[0] == 404
    assert (await client.post("/extensions"))[0] == 405


def connector_of(hub: Hub) -> UnixConnector:
    """What connects the hub with the routes of its packs."""
    place = hub.engine.additions.find("GET", "/extras/added")
    assert place is not None
    connector = place.session.connector
    assert isinstance(connector, UnixConnector)
    return connector


async def test_while_the_worker_restarts_a_route_is_unavailable_and_then_back(
    hub_with_extras: HubWithExtras,
) -> None:
    hub, client = hub_with_extras
    place = Path(connector_of(hub).path)
    closed = hub.configuration.folders.config / "custom_nodes" / "extras" / "closed"
    closed.touch()
    async with client.session.get("/extras/dies") as response:
        assert response.status == 503
    await until(lambda: not hub.engine.ready.is_set())
    async with client.session.get("/api/extras/added") as response:
        assert (response.status, response.headers["Retry-After"]) == (503, "5")
        assert (await response.json())["error"]["type"] == "PackServerAway"
    with pytest.raises(WSServerHandshakeError, match="503"):
        await client.session.ws_connect("/extras/echo")
    closed.unlink()
    await hub.engine.ready.wait()
    assert await client.get("/extras/added") == (200, ["begun"])
    assert not place.parent.exists()


async def test_a_client_that_left_a_silent_pack_is_noticed(
    hub_with_extras: HubWithExtras, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub, client = hub_with_extras
    monkeypatch.setattr(pack_proxy, "SECONDS_BETWEEN_LOOKS", 0.02)
    connector = connector_of(hub)
    async with client.session.get("/extras/silent") as response:
        assert response.status == 200
        assert len(connector._acquired) == 1
    await until(lambda: not connector._acquired)
