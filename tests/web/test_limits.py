"""How much a client may ask for: bodies, sockets, runs, nesting."""

import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import WSServerHandshakeError

from hub.app import Hub
from hub.web.bodies import SMALL, Body
from hub.web.json_body import DEEPEST, MOST_VALUES, NotJson, decode_json
from hub.web.scoped import body_of, needed_scope
from hub.web.server import ROUTES
from tests.web.configuration import WEBHOOK, plain_graph
from tests.web.locked import Visitor, locked_hub, visitor

LIMITS = "max_body: 4000, max_upload: 100 kB, max_sockets: 2, max_queue: 1"


@pytest.fixture
async def hub(config: Path) -> AsyncIterator[Hub]:
    async with locked_hub(config, LIMITS) as hub:
        yield hub


@pytest.fixture
async def anybody(hub: Hub) -> AsyncIterator[Visitor]:
    async with visitor(hub) as anybody:
        yield anybody


async def in_pieces(size: int) -> AsyncIterator[bytes]:
    """A body that does not say how long it will be."""
    for _ in range(size // 1000):
        yield b"x" * 1000


async def post(visitor: Visitor, path: str, body: Any) -> tuple[int, str]:
    async with visitor.session.post(path, data=body) as response:
        return response.status, (await response.json())["error"]["type"]


def test_whoever_has_not_come_in_sends_only_a_few_words() -> None:
    large = {
        route.path
        for route in ROUTES
        if route.method != "GET"
        and needed_scope(route.handler) is None
        and body_of(route.handler) is not Body.SMALL
    }
    assert large == {"/api/webhook/{webhook}"}  # whose trigger has a limit of its own


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("/prompt", 5000),
        ("/api/hub/login", SMALL + 1000),
        ("/api/hub/inputs?name=a.png", 200_000),
        (f"/api/webhook/{WEBHOOK}", 200_000),
    ],
)
async def test_a_body_beyond_its_limit_is_refused(anybody: Visitor, path: str, size: int) -> None:
    assert await post(anybody, path, b"x" * size) == (413, "BodyTooLarge")


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("/prompt", 5000),
        ("/api/hub/login", SMALL + 1000),
        ("/api/hub/inputs?name=a.png", 200_000),
    ],
)
async def test_so_is_one_that_does_not_say_how_long_it_is(
    anybody: Visitor, path: str, size: int
) -> None:
    assert await post(anybody, path, in_pieces(size)) == (413, "BodyTooLarge")


@pytest.mark.parametrize("path", ["/prompt", "/upload/image", "/api/hub/inputs?name=a.png"])
async def test_what_unpacks_to_more_counts_as_more(anybody: Visitor, path: str) -> None:
    form = b'--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n'
    bomb = gzip.compress(form + bytes(2_000_000))
    assert len(bomb) < 4000
    headers = {"Content-Encoding": "gzip", "Content-Type": "multipart/form-data; boundary=x"}
    async with anybody.session.post(path, data=bomb, headers=headers) as response:
        assert response.status == 413


async def test_an_upload_that_was_refused_leaves_nothing(hub: Hub, anybody: Visitor) -> None:
    await post(anybody, "/api/hub/inputs?name=a.png", in_pieces(200_000))
    assert list(hub.configuration.folders.data.glob("upload-*")) == []


async def test_sockets_are_counted(anybody: Visitor) -> None:
    async with (
        anybody.session.ws_connect("/ws?clientId=1") as first,
        anybody.session.ws_connect("/api/hub/notices"),
    ):
        with pytest.raises(WSServerHandshakeError) as refused:
            await anybody.session.ws_connect("/ws?clientId=3")
        assert refused.value.status == 429
        await first.close()
        async with anybody.session.ws_connect("/ws?clientId=3") as third:
            assert (await third.receive_json())["type"] == "status"


async def test_streams_are_counted_among_them(hub: Hub, anybody: Visitor) -> None:
    path = "/api/hub/workflows/plain/run"
    body = {"stream": True, "parameters": {"behaviour": "hang"}}
    async with (
        anybody.session.ws_connect("/ws?clientId=1"),
        anybody.session.post(path, json=body) as stream,
    ):
        assert await stream.content.readline() == b"event: RunQueued\n"
        status, refused = await anybody.ask("POST", path, body)
        assert (status, refused["error"]["type"]) == (429, "TooManyStanding")
        assert hub.runs.remaining == 1  # what was refused has not been queued


async def test_a_full_queue_takes_no_more_requests(hub: Hub, anybody: Visitor) -> None:
    body = {"prompt": plain_graph(fake="hang")}
    status, accepted = await anybody.ask("POST", "/prompt", body)
    assert status == 200, accepted
    status, refused = await anybody.ask("POST", "/prompt", body)
    assert status == 429
    assert refused["error"].keys() == {"type", "message", "details", "extra_info"}
    assert refused["error"]["type"] == "QueueFull"
    assert refused["node_errors"] == {}
    for path in ("/api/hub/workflows/plain/run", f"/api/hub/runs/{accepted['prompt_id']}/again"):
        async with anybody.session.post(path, json={}) as response:
            assert response.status == 429
            assert response.headers["Retry-After"] == "30"
            assert "max_queue" in (await response.json())["error"]["message"]


@pytest.mark.parametrize("depth", [DEEPEST + 1, 100_000])
@pytest.mark.parametrize("bracket", ["[", '{"a":'])
def test_json_is_nested_only_so_deep(depth: int, bracket: str) -> None:
    closing = {"[": "]", '{"a":': "}"}[bracket]
    body = bracket * depth + "1" + closing * depth
    with pytest.raises(NotJson, match="nested more than 100 deep"):
        decode_json(body.encode())
    with pytest.raises(NotJson, match="nested more than 100 deep"):
        decode_json(body.replace("1", "NaN").encode())


@pytest.mark.parametrize("value", ["1,", "[],", '{"a":1},'])
def test_json_has_only_so_many_values(value: str) -> None:
    body = "[" + value * MOST_VALUES + "1]"
    with pytest.raises(NotJson, match="more than 1000000 values"):
        decode_json(body.encode())


def test_a_picture_within_json_is_one_value() -> None:
    body = '{"image": "' + "QUJD" * MOST_VALUES + '"}'
    assert len(decode_json(body.encode())["image"]) == 4 * MOST_VALUES


def test_what_is_nested_just_so_deep_is_read() -> None:
    body = "[" * DEEPEST + "1" + "]" * DEEPEST
    assert decode_json(body.encode()) == json.loads(body)
