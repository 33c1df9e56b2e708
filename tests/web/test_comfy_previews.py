"""Previews reach clients in the kind of message that they understand."""

import json
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from msgspec.structs import replace

from hub.app import Hub
from hub.notices import FiringChanged, NodePreviewed, Notices
from hub.records.run import Origin, Run, RunState
from hub.web.comfy_previews import PreviewKind
from tests.web.client import Client
from tests.web.recorded import FOLDER, recorded_answer

FLAGS = {"type": "feature_flags", "data": {"supports_preview_metadata": True}}


def preview(
    client: str | None = "me", kind: str = "image/jpeg", run_id: str = "run"
) -> NodePreviewed:
    run = Run(
        number=1,
        id=run_id,
        state=RunState.RUNNING,
        origin=Origin.PROMPT,
        graph={},
        created_at=datetime(2026, 1, 15, tzinfo=UTC),
        client=client,
    )
    return NodePreviewed(run=run, node="3", image=b"picture", kind=kind)


async def greeted(socket: aiohttp.ClientWebSocketResponse, *said: str) -> list[dict[str, Any]]:
    """What comes back when a client has connected and said this."""
    answers = [await socket.receive_json()]
    for text in said:
        await socket.send_str(text)
        answers.append(await socket.receive_json())
    return answers


@pytest.mark.parametrize(("kind", "number"), [("image/jpeg", 1), ("image/png", 2)])
async def test_a_client_that_says_nothing_gets_the_picture_alone(
    client: Client, hub: Hub, kind: str, number: int
) -> None:
    async with client.socket("/ws?clientId=me") as socket:
        await greeted(socket.socket)
        hub.notices.publish(preview(kind=kind))
        message = await socket.socket.receive_bytes()
    assert message == bytes([0, 0, 0, 1, 0, 0, 0, number]) + b"picture"


async def test_a_client_that_understands_it_is_told_what_the_picture_is_of(
    client: Client, hub: Hub
) -> None:
    async with client.socket("/ws?clientId=me") as socket:
        answers = await greeted(socket.socket, json.dumps(FLAGS))
        hub.notices.publish(preview())
        message = await socket.socket.receive_bytes()
    assert answers[1] == {"type": "feature_flags", "data": recorded_answer("features")}
    length = int.from_bytes(message[4:8], "big")
    assert int.from_bytes(message[:4], "big") == 4
    assert message[8 + length :] == b"picture"
    told = json.loads(message[8 : 8 + length])
    assert told.keys() == recorded_metadata().keys()
    assert told == {
        "node_id": "3",
        "prompt_id": "run",
        "display_node_id": "3",
        "parent_node_id": None,
        "real_node_id": "3",
        "image_type": "image/jpeg",
    }


def recorded_metadata() -> dict[str, Any]:
    """What ComfyUI told of its first preview."""
    lines = (FOLDER / "ws_t2i_preview_metadata.jsonl").read_text().splitlines()
    told = next(line for line in map(json.loads, lines) if "metadata" in line)
    return dict(told["metadata"])


@pytest.mark.parametrize("first", ["no JSON", "[]", '{"type": "feature_flags"}'])
async def test_only_the_first_message_counts(first: str) -> None:
    answers: list[bytes] = []

    async def send(message: bytes, *, binary: bool = False) -> None:
        answers.append(message)

    kind = PreviewKind({})
    await kind.hear(first, send)
    await kind.hear(json.dumps(FLAGS), send)
    assert not kind.with_metadata
    assert answers == []


async def test_previews_go_to_the_client_of_the_run_or_to_all_if_it_has_none(
    client: Client, hub: Hub
) -> None:
    async with client.socket("/ws?clientId=you") as socket:
        await greeted(socket.socket)
        hub.notices.publish(preview(client="me"))
        hub.notices.publish(preview(client=None, kind="image/png", run_id="another"))
        message = await socket.socket.receive_bytes()
    assert message[7] == 2


async def test_the_hubs_own_page_gets_no_previews(client: Client, hub: Hub) -> None:
    async with client.socket("/api/hub/notices") as socket:
        hub.notices.publish(preview())
        hub.notices.publish(FiringChanged(firing="f", automation="a", state="done"))
        (first,) = await socket.until("FiringChanged")
    assert first["firing"] == "f"


async def test_who_does_not_keep_up_misses_previews_of_a_run() -> None:
    notices = Notices()
    with notices.subscribe(with_contents=True) as subscription:
        for kind in ("image/jpeg", "image/png"):
            notices.publish(preview(kind=kind))
        notices.publish(FiringChanged(firing="f", automation="a", state="done"))
        heard = aiter(subscription)
        first, second = await anext(heard), await anext(heard)
    assert isinstance(first, NodePreviewed)
    assert first.kind == "image/jpeg"
    assert isinstance(second, FiringChanged)


async def test_pictures_that_may_not_be_missed_all_come() -> None:
    notices = Notices()
    shown = [replace(preview(), image=name, may_be_missed=False) for name in (b"1", b"2")]
    with notices.subscribe(with_contents=True) as subscription:
        for notice in shown:
            notices.publish(notice)
        heard = aiter(subscription)
        assert [await anext(heard), await anext(heard)] == shown
