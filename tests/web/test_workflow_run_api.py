"""Running saved workflows over the API: waiting, watching, files within requests, keys."""

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from hub.app import Hub
from tests.web.client import Client, content_of
from tests.web.configuration import SETTINGS
from tests.web.test_workflows_api import png

PLAIN = "/api/hub/workflows/plain/run"
PHOTO = "/api/hub/workflows/photo/run"
NAME = f"{hashlib.sha256(png()).hexdigest()}.png"


@pytest.fixture
def config(config: Path) -> Path:
    """Deliveries and fetched files may come from this machine, where the tests are."""
    (config / "hub.yaml").write_text(f"{SETTINGS}deliveries: {{allow_private: true}}\n")
    return config


@asynccontextmanager
async def serving(answer: Any) -> AsyncIterator[str]:
    """The address of a server that answers every GET with what `answer` makes of it."""
    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def events_of(response: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, Any]]:
    """Server-sent events: the name of each, and its JSON."""
    name = ""
    async for line in response.content:
        field, _, value = line.decode().rstrip("\n").partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, json.loads(value)


async def test_a_request_may_wait_for_the_outputs(client: Client) -> None:
    status, answer = await client.post(PLAIN, {"parameters": {"prefix": "mine"}, "wait": True})
    run = answer["run"]
    assert (status, run["state"]) == (200, "succeeded")
    assert [output["name"] for output in run["outputs"]] == ["mine_00001_.png"]
    async with client.session.get(run["outputs"][0]["url"]) as response:
        assert await response.read() == content_of(run["outputs"][0])


async def test_waiting_ends_with_the_run_however_it_ended(client: Client) -> None:
    status, answer = await client.post(PLAIN, {"parameters": {"behaviour": "fail"}, "wait": 60})
    assert (status, answer["run"]["state"]) == (200, "failed")
    assert answer["run"]["error"]["message"] == "It was asked to fail."


async def test_who_waits_no_longer_is_told_that_it_goes_on(client: Client) -> None:
    body = {"parameters": {"behaviour": "hang"}, "wait": 0.05}
    status, answer = await client.post(PLAIN, body)
    assert (status, answer["run"]["state"] in ("queued", "running")) == (202, True)
    _, told = await client.post(f"/api/hub/runs/{answer['run']['id']}/cancel")
    assert told == {"cancelled": True}


async def test_a_stream_tells_everything_up_to_the_outputs(client: Client) -> None:
    async with client.session.post(PLAIN, json={"stream": True}) as response:
        assert response.content_type == "text/event-stream"
        told = [event async for event in events_of(response)]
    names = [name for name, _ in told]
    assert names[:2] == ["RunQueued", "RunStarted"]
    assert {"NodeStarted", "NodeFinished"} < set(names)
    assert names[-1] == told[-1][1]["type"] == "RunFinished"
    assert told[-1][1]["run"]["outputs"][0]["name"] == "plain_00001_.png"


async def test_a_stream_links_to_previews_and_goes_with_its_client(
    client: Client, hub: Hub
) -> None:
    body = {"stream": True, "parameters": {"behaviour": "show"}}
    async with client.session.post(PLAIN, json=body) as response:
        async for name, event in events_of(response):
            if name == "PreviewChanged":
                async with client.session.get(event["url"]) as picture:
                    assert picture.content_type == "image/png"
                break
    assert hub.runs.cancel(event["run"]["id"])
    assert (await hub.runs.wait(event["run"]["id"])).state == "cancelled"


async def test_a_stream_tells_nothing_of_other_runs(client: Client, hub: Hub) -> None:
    async with client.session.post(
        PLAIN, json={"stream": True, "parameters": {"behaviour": "hang"}}
    ) as response:
        events = events_of(response)
        own = (await anext(events))[1]["run"]["id"]
        await client.post(PLAIN, {"wait": True})
        hub.runs.cancel(own)
        assert {event["run"]["id"] async for _, event in events} == {own}


async def test_files_come_in_base64_as_data_and_in_forms(client: Client) -> None:
    text = base64.encodebytes(png()).decode()
    for given in ({"base64": text, "name": "a.png"}, f"data:image/png;base64,{text}"):
        _, answer = await client.post(PHOTO, {"parameters": {"photo": given}, "wait": True})
        assert answer["run"]["parameters"] == {"photo": NAME}
        assert answer["run"]["state"] == "succeeded"
    form = aiohttp.FormData({"request": json.dumps({"wait": True, "priority": 2})})
    form.add_field("photo", png(), filename="b.png")
    async with client.session.post(PHOTO, data=form) as response:
        run = (await response.json())["run"]
    assert (run["parameters"], run["priority"]) == ({"photo": NAME}, 2)
    assert run["state"] == "succeeded"


async def test_a_file_may_be_at_an_address_behind_a_redirect(client: Client, hub: Hub) -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path == "/a.png":
            raise web.HTTPFound("/b.png")
        return web.Response(body=png())

    async with serving(answer) as address:
        for given in (f"{address}/a.png", {"url": f"{address}/b.png"}):
            body = {"parameters": {"photo": given}, "wait": True}
            _, told = await client.post(PHOTO, body)
            assert told["run"]["parameters"] == {"photo": NAME}
    assert not list(hub.configuration.folders.data.glob("upload-*"))


async def test_files_that_cannot_be_had_are_refused_by_name(client: Client, hub: Hub) -> None:
    async def answer(request: web.Request) -> web.Response:
        raise web.HTTPGone

    async with serving(answer) as address:
        wrong = {
            "data:image/png;base64,*": "NotBase64",
            f"data:image/png;base64,{base64.b64encode(png()[:40]).decode()}": "UnusableUpload",
            f"{address}/a.png": "NotFetched",
            "http://": "NotFetched",
        }
        for given, kind in wrong.items():
            status, told = await client.post(PHOTO, {"parameters": {"photo": given}})
            assert (status, told["error"]["type"]) == (400, kind)
    assert not list(hub.configuration.folders.data.glob("upload-*"))


async def test_a_form_must_be_readable(client: Client) -> None:
    wrong: list[tuple[bytes, str]] = [
        (b"", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"--x--", "multipart/form-data"),
        (
            b'--x\r\nContent-Disposition: form-data; name="request"\r\n\r\n{\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
    ]
    for body, kind in wrong:
        status, _ = await client.post(PLAIN, body, **{"Content-Type": kind})
        assert status == 400


async def test_the_same_key_makes_one_run(client: Client) -> None:
    key = {"Idempotency-Key": "order 7"}
    body = {"parameters": {"prefix": "once"}}
    (first, one), (second, two) = await asyncio.gather(
        client.post(PLAIN, body, **key), client.post(PLAIN, body, **key)
    )
    assert (first, second) == (202, 202)
    assert one["run"]["id"] == two["run"]["id"]
    _, waited = await client.post(PLAIN, {**body, "wait": True}, **key)
    assert waited["run"]["id"] == one["run"]["id"]
    async with client.session.post(PLAIN, json={**body, "stream": True}, headers=key) as response:
        told = [event async for event in events_of(response)]
    assert [name for name, _ in told] == ["RunQueued", "RunFinished"]
    _, listed = await client.get("/api/hub/runs")
    assert len(listed["runs"]) == 1


async def test_a_key_cannot_be_used_for_something_else(client: Client) -> None:
    key = {"Idempotency-Key": "order 8"}
    await client.post(PLAIN, {"parameters": {"prefix": "one"}}, **key)
    status, told = await client.post(PLAIN, {"parameters": {"prefix": "two"}}, **key)
    assert (status, told["error"]["type"]) == (409, "KeyReused")
    status, told = await client.post(PLAIN, {}, **{"Idempotency-Key": "é"})
    assert (status, told["error"]["type"]) == (400, "UnusableKey")
