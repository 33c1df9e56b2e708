"""What is told of a worker that cannot start, by commands, the API and the page."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import expect

from hub.app import Hub
from hub.client import AsyncClient, RunFinished, RunHeldUp, RunQueued
from hub.engine.keeper import WorkerState
from hub.notices import FiringChanged, WorkerChanged
from hub.records.firing import FiringState
from tests.cli.conftest import RunHub, start_command
from tests.lacking_worker import ERROR, MODULE, LackingWorker
from tests.web.browser import browsing
from tests.web.client import Client

TOLD = f"worker main cannot start: It ended with exit code 1 before it was ready, and said: {ERROR}"


@pytest.fixture
def lacking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LackingWorker:
    return LackingWorker(tmp_path, monkeypatch)


@pytest.fixture
async def hub(config: Path, lacking: LackingWorker) -> AsyncIterator[Hub]:
    """One that has found out that its worker cannot start."""
    made = Hub(config, port=0, worker_module=MODULE)
    with made.notices.subscribe() as notices:
        async with made as hub:
            async for notice in notices:
                if isinstance(notice, WorkerChanged) and notice.state == WorkerState.CANNOT_START:
                    break
            yield hub


async def test_hub_run_tells_why_it_waits_and_goes_on_once_that_is_put_right(
    hub: Hub, config: Path, lacking: LackingWorker
) -> None:
    process = await start_command(config, "run", "plain")
    assert process.stderr is not None
    told = b""
    while b"waits:" not in told:
        told = await process.stderr.readline()
    assert told.decode().startswith(f"Run 1 waits: {TOLD}. Put that right")
    lacking.install()
    out, err = await process.communicate()
    assert (process.returncode, b"waits:" in err) == (0, False)
    assert out.endswith(b"plain_00001_.png\n")


async def test_who_follows_a_run_is_told_why_it_waits(hub: Hub, lacking: LackingWorker) -> None:
    events = []
    async with AsyncClient(hub.address) as client:
        async for event in client.stream("plain"):
            events.append(event)
            if isinstance(event, RunHeldUp):
                lacking.install()
    first, waits, *others = events
    assert isinstance(first, RunQueued)
    assert isinstance(waits, RunHeldUp)
    assert waits.reason.startswith(TOLD)
    assert isinstance(others[-1], RunFinished)
    assert others[-1].run.state == "succeeded"
    assert not any(isinstance(event, RunHeldUp) for event in others)


async def test_the_run_of_a_file_says_that_it_waits_for_the_worker(
    hub: Hub, hub_command: RunHub, config: Path
) -> None:
    photo = config / "inbox" / "photo.png"
    with hub.notices.subscribe() as notices:
        await asyncio.to_thread(Image.new("RGB", (8, 8)).save, photo)
        async for notice in notices:
            if isinstance(notice, FiringChanged) and notice.state == FiringState.RUNNING:
                break
    told = await hub_command("why", str(photo))
    assert f"  run 1 queued: it waits, because {TOLD}" in told.out
    shown = await hub_command("runs", "show", "1")
    assert f"It waits: {TOLD}" in shown.out


async def test_who_waits_for_a_run_is_told_by_the_api_and_who_looks_by_the_page(hub: Hub) -> None:
    async with Client(hub.address) as client, browsing() as page:
        status, answer = await client.post("/api/hub/workflows/plain/run", {"wait": 0.01})
        assert (status, answer["run"]["state"]) == (202, "queued")
        assert answer["held_up"].startswith(TOLD)
        _, run = await client.get("/api/hub/runs/1")
        assert run["held_up"] == answer["held_up"]
        await page.goto(f"{hub.address}/#/runs/1")
        await expect(page.get_by_text(f"It waits: {TOLD}")).to_be_visible()
        await page.goto(f"{hub.address}/#/")
        await expect(page.locator("#attention")).to_contain_text(ERROR)
