"""Webhooks over HTTP: files, forwarded addresses, answers that wait, requests remembered."""

import io
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from hub.app import Hub
from hub.testing.inbox import jpeg
from hub.web.webhooks_api import STRANGERS_WAIT

GRAPH = {
    "1": {"class_type": "LoadImage", "inputs": {"image": ""}},
    "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "c"}},
}
SIDECAR = "parameters:\n  photo: {node: '1', input: image, type: image}\n"
RUN = "[{action: workflow.run, data: {workflow: photo, parameters: {photo: '%s'}}}]"
OF_BODY, OF_FORM = "{{ trigger.files.body.path }}", "{{ trigger.files.photo.input }}"
IDS = {name: f"{name}-{'0f' * 20}" for name in ("wait", "stream", "form", "plain")}


def automation(name: str, options: str, actions: str) -> str:
    trigger = f"{{trigger: webhook, webhook_id: {IDS[name]}, max_body: 10 MB{options}}}"
    return f"- {{id: {name}, triggers: [{trigger}], actions: {actions}}}\n"


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Hub]:
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows/photo.json").write_text(json.dumps(GRAPH))
    (tmp_path / "workflows/photo.yaml").write_text(SIDECAR)
    (tmp_path / "hub.yaml").write_text("server: {trusted_proxies: [127.0.0.1, 10.0.0.0/8]}\n")
    (tmp_path / "automations.yaml").write_text(
        automation("wait", ", respond: wait, response: {output: true}", RUN % OF_BODY)
        + automation("stream", ", respond: stream", RUN % OF_BODY)
        + automation("form", "", RUN % OF_FORM)
        + automation("plain", "", "[{action: output.find, data: {}}]")
    )
    async with Hub(tmp_path, port=0, worker_module="hub.testing.worker") as hub:
        assert hub.configuration.problems == ()
        yield hub


async def call(
    hub: Hub, name: str, body: Any = None, headers: dict[str, str] | None = None
) -> tuple[int, str, bytes]:
    url = f"{hub.address}/api/webhook/{IDS.get(name, name)}"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers=headers) as response,
    ):
        return response.status, response.content_type, await response.read()


async def test_a_picture_goes_in_and_a_picture_comes_out(hub: Hub) -> None:
    status, kind, body = await call(hub, "wait", jpeg(4), {"Content-Type": "image/jpeg"})
    assert (status, kind) == (200, "image/png")
    assert body.startswith(b"\x89PNG")


async def test_what_happens_meanwhile_is_streamed(hub: Hub) -> None:
    headers = {"Content-Type": "image/jpeg", "Accept": "application/x-ndjson"}
    status, _, body = await call(hub, "stream", jpeg(4), headers)
    said = [json.loads(line) for line in body.splitlines()]
    assert status == 200
    assert (said[0]["type"], said[-1]["type"]) == ("accepted", "ended")
    assert said[-1]["state"] == "succeeded"
    assert len(said[-1]["outputs"]) == 1


async def test_a_form_with_a_large_file_is_taken(hub: Hub) -> None:
    picture = jpeg(1) + bytes(2_000_000)
    form = aiohttp.FormData({"prompt": "a cat"})
    form.add_field("photo", io.BytesIO(picture), filename="cat.jpg", content_type="image/jpeg")
    status, _, body = await call(hub, "form", form)
    event = await hub.books.events.get(json.loads(body)["event"])
    assert status == 202
    assert event.variables["data"] == {"prompt": "a cat"}
    assert event.variables["files"]["photo"]["size"] == len(picture)


async def test_a_body_over_the_limit_is_refused(hub: Hub) -> None:
    status, _, _ = await call(
        hub, "form", io.BytesIO(bytes(11_000_000)), {"Content-Type": "image/png"}
    )
    assert status == 413


@pytest.mark.parametrize(
    ("forwarded", "remote"),
    [
        (None, "127.0.0.1"),
        ("192.168.1.9", "192.168.1.9"),
        ("8.8.8.8, 192.168.1.9, 10.0.0.3", "192.168.1.9"),
        ("8.8.8.8", None),
        ("10.0.0.3", None),
        ("nonsense", None),
    ],
)
async def test_forwarded_addresses_count_as_far_as_proxies_are_trusted(
    hub: Hub, forwarded: str | None, remote: str | None
) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else None
    status, _, body = await call(hub, "plain", b"", headers)
    assert (status == 202) is (remote is not None)
    if remote is not None:
        event = await hub.books.events.get(json.loads(body)["event"])
        assert event.variables["remote"] == remote


async def test_strangers_all_wait_for_the_same_answer(hub: Hub) -> None:
    began = time.monotonic()
    unknown = await call(hub, "no-such-id", b"x" * 1_000_000)
    assert unknown[0] == 404
    assert time.monotonic() - began >= STRANGERS_WAIT
    url = f"{hub.address}/api/webhook/{IDS['plain']}"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert (response.status, await response.read()) == (404, unknown[2])


async def test_requests_are_listed_and_replayed(hub: Hub) -> None:
    await call(hub, "plain", b'{"a": 1}', {"Content-Type": "application/json"})
    await call(hub, "plain", b"{", {"Content-Type": "application/json"})
    path = f"{hub.address}/api/hub/webhooks/{IDS['plain']}/requests"
    async with aiohttp.ClientSession() as session:
        async with session.get(path) as response:
            refused, accepted = (await response.json())["requests"]
        async with session.post(f"{path}/{accepted['event']}/replay") as response:
            assert response.status == 202
            again = await hub.books.events.get((await response.json())["event"])
    assert (refused["state"], refused["status"]) == ("refused", 400)
    assert again.variables["json"] == {"a": 1}
    assert again.id != accepted["event"]


async def test_an_event_tells_what_became_of_it(hub: Hub) -> None:
    _, _, body = await call(hub, "plain", b"")
    path = f"{hub.address}/api/hub/events/{json.loads(body)['event']}"
    async with aiohttp.ClientSession() as session, session.get(path) as response:
        event = await response.json()
    assert (event["automation"], event["trigger"]["method"]) == ("plain", "POST")


async def test_webhooks_are_listed_with_what_a_caller_needs(hub: Hub) -> None:
    async with (
        aiohttp.ClientSession(hub.address) as client,
        client.get("/api/hub/webhooks") as response,
    ):
        webhooks = (await response.json())["webhooks"]
    told = {each["automation"]: (each["webhook"], each["respond"]) for each in webhooks}
    assert told["wait"] == (IDS["wait"], "wait")
    assert told["plain"] == (IDS["plain"], "accepted")
    assert {(each["auth"], each["listens"]) for each in webhooks} == {("none", True)}
