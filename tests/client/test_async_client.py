"""The client for asyncio, and a hub."""

import asyncio
import io
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from PIL import Image

from hub.app import Hub
from hub.client import (
    AsyncClient,
    NodeStarted,
    PreviewChanged,
    Refused,
    RunFailed,
    RunFinished,
    RunQueued,
    RunState,
    Unreachable,
)


@pytest.fixture
async def client(hub: Hub) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(hub.address) as client:
        yield client


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "a photo.png"
    Image.new("RGB", (8, 8), "red").save(path)
    return path


async def test_a_workflow_runs_by_its_name_and_gives_its_outputs(
    client: AsyncClient, tmp_path: Path
) -> None:
    run = await client.run("plain", {"prefix": "mine", "width": 32}, priority=3)
    assert (run.state, run.priority, run.parameters["width"]) == (RunState.SUCCEEDED, 3, 32)
    [output] = run.outputs
    content = await client.fetch(output)
    saved = await client.save(output, tmp_path)
    assert saved == tmp_path / "mine_00001_.png"
    assert saved.read_bytes() == content
    assert Image.open(io.BytesIO(content)).format == "PNG"


async def test_a_run_that_fails_is_an_error_with_the_run(client: AsyncClient) -> None:
    with pytest.raises(RunFailed, match="It was asked to fail") as failed:
        await client.run("plain", {"behaviour": "fail"})
    assert failed.value.run.error is not None
    assert failed.value.run.error.node == "2"


async def test_paths_are_sent_along(client: AsyncClient, photo: Path) -> None:
    run = await client.run("photo", {"photo": photo}, priority=1)
    assert (run.state, run.priority) == (RunState.SUCCEEDED, 1)
    name = await client.upload(photo)
    assert run.parameters == {"photo": name}
    assert (await client.run("photo", {"photo": name})).parameters == run.parameters


async def test_a_stream_tells_of_a_run_from_its_beginning_to_its_outputs(
    client: AsyncClient,
) -> None:
    events = [event async for event in client.stream("plain")]
    assert isinstance(events[0], RunQueued)
    assert any(isinstance(event, NodeStarted) and event.node == "2" for event in events)
    assert isinstance(events[-1], RunFinished)
    assert events[-1].run.outputs[0].name == "plain_00001_.png"


async def test_a_preview_is_fetched_while_the_run_goes_on(client: AsyncClient) -> None:
    async for event in client.stream("plain", {"behaviour": "show"}):
        match event:
            case RunQueued(run=run):
                identity = run.id
            case PreviewChanged(url=url):
                assert (await client.fetch(url)).startswith(b"\x89PNG")
                assert await client.cancel(identity)
            case RunFinished(run=run):
                assert run.state is RunState.CANCELLED
    assert not await client.cancel(identity)


async def test_asking_again_with_a_key_gives_the_same_run(client: AsyncClient) -> None:
    first = await client.start("plain", key="1")
    assert (await client.run("plain", key="1")).id == first.id
    assert [run.id for run in await client.runs(workflow="plain")] == [first.id]
    assert await client.runs(before=first.number) == []
    details = await client.find_run(first.number)
    assert (details.id, details.nodes[0].class_type) == (first.id, "SaveImage")


async def test_workflows_tell_what_they_take(client: AsyncClient) -> None:
    photo, plain = await client.workflows()
    assert (plain.name, plain.title) == ("plain", "Plain picture")
    assert photo.parameters["photo"].required


async def test_a_deleted_output_is_gone(client: AsyncClient) -> None:
    [output] = (await client.run("plain")).outputs
    assert (await client.delete(output)).deleted_at is not None
    with pytest.raises(Refused, match="is gone") as refused:
        await client.fetch(output)
    assert (refused.value.status, refused.value.kind) == (404, "OutputGone")


async def test_what_the_hub_refuses_is_said_in_its_words(client: AsyncClient) -> None:
    with pytest.raises(Refused, match="Did you mean 'plain'") as refused:
        await client.run("plian")
    assert refused.value.kind == "NoSuchWorkflow"


async def test_nobody_there_and_somebody_else_are_told_apart() -> None:
    async with AsyncClient("http://127.0.0.1:1") as client:
        with pytest.raises(Unreachable, match="cannot be reached"):
            await client.workflows()
    runner = web.AppRunner(_something_else(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with AsyncClient(f"http://127.0.0.1:{runner.addresses[0][1]}") as client:
        with pytest.raises(Unreachable, match="is no hub"):
            await client.workflows()
        with pytest.raises(Refused, match="404"):
            await client.run("plain")
    await runner.cleanup()


def _something_else() -> web.Application:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(text="Welcome!")

    app = web.Application()
    app.router.add_get("/api/hub/workflows", answer)
    return app


async def test_a_token_goes_with_every_request() -> None:
    seen: list[Any] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Authorization"))
        return web.json_response({"workflows": []})

    app = web.Application()
    app.router.add_get("/api/hub/workflows", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    for token in ("secret", None):
        address = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        async with AsyncClient(address, token=token) as client:
            await client.workflows()
    await runner.cleanup()
    assert seen == ["Bearer secret", None]


async def test_several_runs_are_watched_at_once(client: AsyncClient) -> None:
    async def last_of(prefix: str) -> str:
        events = [event async for event in client.stream("plain", {"prefix": prefix})]
        assert isinstance(events[-1], RunFinished)
        return events[-1].run.outputs[0].name

    names = await asyncio.gather(*(last_of(f"p{number}") for number in range(5)))
    assert names == [f"p{number}_00001_.png" for number in range(5)]


def test_the_client_needs_no_other_part_of_the_hub() -> None:
    code = (
        "import sys, hub.client;"
        "print([n for n in sys.modules if n.startswith('hub.') and 'hub.client' not in n])"
    )
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "[]"
