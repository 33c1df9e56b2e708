"""What node packs say to ComfyUI's clients, and what their prompt hooks change."""

import json
from pathlib import Path
from typing import Any

import pytest
from aiohttp import WSMsgType

from hub.engine import pack_additions
from tests.web.client import Client, Socket
from tests.web.extras_hub import HubWithExtras, speak

pytestmark = pytest.mark.asyncio(loop_scope="package")
PICTURE = b"\0\0\0\1"
NOTICES = "/api/hub/notices"


@pytest.fixture
def client(hub_with_extras: HubWithExtras) -> Client:
    return hub_with_extras[1]


async def heard(socket: Socket, last: str) -> list[Any]:
    """Texts as JSON and bytes as they are, up to the first text of the type `last`."""
    messages: list[Any] = []
    async for message in socket.socket:
        if message.type is WSMsgType.BINARY:
            messages.append(message.data)
            continue
        messages.append(json.loads(message.data))
        if messages[-1]["type"] == last:
            return messages
    raise AssertionError(f"the socket was closed before {last} came")


def named(messages: list[Any], kind: str) -> list[Any]:
    return [m["data"] for m in messages if isinstance(m, dict) and m["type"] == kind]


async def test_a_pack_speaks_to_all_or_to_one_client_in_order(client: Client) -> None:
    async with client.socket("/ws?clientId=me") as me, client.socket("/ws?clientId=you") as you:
        await you.until("status")
        graph = speak("hello")
        _, accepted = await client.post("/prompt", {"prompt": graph, "client_id": "me"})
        mine = await heard(me, "execution_success")
        await client.post("/prompt", {"prompt": speak("over"), "client_id": "you"})
        yours = await heard(you, "execution_start")
        await heard(you, "execution_success")  # or it would speak into the next test
    (said,) = named(mine, "extras.said")
    assert (said["text"], said["path"].startswith("PosixPath")) == ("hello", True)
    assert named(mine, "extras.for_one") == [{"text": "hello"}]
    assert [m for m in mine if isinstance(m, bytes)] == [
        b"\0\0\0\3" + b"\0\0\0\1" + b"1" + b"hello",
        b"\0\0\0\1" + b"picture",
    ]
    (shown,) = named(mine, "executed")
    assert shown["output"] == {"text": ["hello", "me", accepted["prompt_id"]]}
    assert mine.index(named_message(mine, "executing")) < mine.index(b"\0\0\0\1picture")
    assert named(yours, "extras.said") == [said]
    assert named(yours, "extras.for_one") == []
    assert not any(isinstance(m, bytes) for m in yours)


def named_message(messages: list[Any], kind: str) -> Any:
    return next(m for m in messages if isinstance(m, dict) and m["type"] == kind)


async def test_words_on_a_node_go_to_all_where_nobody_posted_the_prompt(client: Client) -> None:
    async with client.socket("/ws?clientId=anyone") as one, client.socket(NOTICES) as notices:
        await one.until("status")
        await client.post("/prompt", {"prompt": speak("nobody")})
        messages = await heard(one, "extras.for_one")
        while not isinstance(message := (await one.socket.receive()).data, bytes):
            messages.append(json.loads(message))
        await notices.until("RunFinished")  # or it would speak into the next test
    assert message == b"\0\0\0\3" + b"\0\0\0\1" + b"1" + b"nobody"


async def test_a_pack_that_floods_loses_messages_and_nothing_else_is_lost(client: Client) -> None:
    flood = {"1": {"class_type": "ExtrasFlood", "inputs": {"count": 50_000}}}
    run = await client.run(flood, client="flooded")
    assert run["state"] == "succeeded"


async def test_a_hook_changes_a_prompt_before_it_is_read_and_a_broken_one_is_skipped(
    client: Client,
) -> None:
    run = await client.run(speak("hook me"), client="hooked")
    assert run["graph"]["1"]["inputs"]["text"] == "hooked"


async def test_a_hook_that_takes_too_long_is_left_out(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    release = tmp_path / "release"
    monkeypatch.setattr(pack_additions, "HOOK_SECONDS", 0.1)
    graph = speak(f"hold until {release}")
    async with client.socket("/ws?clientId=held") as socket:
        status, _ = await client.post("/prompt", {"prompt": graph, "client_id": "held"})
        release.touch()
        await heard(socket, "execution_success")  # or it would speak into the next test
    assert status == 200


async def test_the_page_is_not_told_what_packs_say_to_comfyuis_clients(client: Client) -> None:
    async with client.socket(NOTICES) as socket:
        await client.run(speak("quietly"))
        messages = await socket.until("RunFinished")
    assert "PackMessageSent" not in {message["type"] for message in messages}


async def test_finished_pictures_are_sent_to_the_client_of_the_prompt(client: Client) -> None:
    """As scripts expect it that cut eight bytes off and open the rest."""
    graph = {
        "1": {
            "class_type": "EmptyImage",
            "inputs": {"width": 8, "height": 8, "batch_size": 2, "color": 255},
        },
        "2": {"class_type": "SaveImageWebsocket", "inputs": {"images": ["1", 0]}},
    }
    async with client.socket("/ws?clientId=me") as me:
        await client.post("/prompt", {"prompt": graph, "client_id": "me"})
        messages = await heard(me, "execution_success")
    everything = [message for message in messages if isinstance(message, bytes)]
    sent = [message for message in everything if message.startswith(PICTURE)]  # of "me" alone
    assert [message[:8] for message in sent] == [b"\0\0\0\1\0\0\0\2"] * 2
    assert [message[8:12] for message in sent] == [b"\x89PNG"] * 2
    node = named(messages, "executing")[-1]["node"]
    assert node == "2"
