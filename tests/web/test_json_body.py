"""Bodies that are JSON, and yet hold texts that are none."""

from typing import Any

import pytest

from hub.web.json_body import LARGE
from tests.web.client import Client
from tests.web.configuration import plain_graph

HALF = "\ud800"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("automation_texts/check", {"name": "automations/x.yaml", "text": HALF}),
        ("outputs/mark", {"outputs": [1], "add": [HALF]}),
        ("rehearse", {"automations": HALF}),
        ("template", {"template": "{{ 1 }}", "event": HALF}),
        ("triggers/preview", {"trigger": {"trigger": "folder", "path": HALF}}),
    ],
)
async def test_half_a_letter_is_refused(client: Client, path: str, body: dict[str, Any]) -> None:
    status, answer = await client.post(f"/api/hub/{path}", body)
    assert status == 400
    assert answer["error"]["message"] == (
        "That is not what this takes: '\\ud800' is half a letter."
    )


@pytest.mark.parametrize(
    "body",
    [b"[" * 2 * LARGE, b"[" * 150 + b" " * LARGE + b"]" * 150, b"[1," * 50 + b"1" * LARGE],
    ids=["too deep to read", "too deep", "cut off"],
)
async def test_large_bodies_are_refused_like_small_ones(client: Client, body: bytes) -> None:
    async with client.session.post("/api/hub/check", data=body) as response:
        assert response.status == 400
        assert (await response.json())["error"]["type"] == "NotJson"


async def test_a_large_body_is_read_whole(client: Client) -> None:
    graph = plain_graph(filename_prefix="x" * 2 * LARGE)
    status, answer = await client.post("/api/hub/check", {"graph": graph})
    assert (status, answer["outputs"]) == (200, ["2"])
