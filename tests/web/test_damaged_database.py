"""A hub whose database lost a page: it tells so, and goes on with the rest."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from hub.app import Hub
from hub.storage.database import StorageFailed
from tests.storage.damaged import damage
from tests.web.client import Client
from tests.web.configuration import plain_graph

TOLD = r"hub\.sqlite cannot be used: it is damaged: .*`hub restore --replace`\."
Start = Callable[[str], AbstractAsyncContextManager[Client]]


def hub_on(config: Path) -> Hub:
    return Hub(config, port=0, worker_module="hub.testing.worker")


@pytest.fixture
def start_without(config: Path) -> Start:
    """A hub that had a run, and starts again with a damaged table or index."""

    @asynccontextmanager
    async def started(name: str) -> AsyncIterator[Client]:
        async with hub_on(config) as hub, Client(hub.address) as client:
            await client.run(plain_graph())
        damage(config / "data" / "hub.sqlite", name)
        async with hub_on(config) as hub, Client(hub.address) as client:
            yield client

    return started


async def test_a_request_that_needs_it_is_told(start_without: Start) -> None:
    async with start_without("outputs") as client:
        status, answer = await client.get("/api/hub/outputs")
        assert (status, answer["error"]["type"]) == (503, "StorageFailed")
        assert re.search(TOLD, answer["error"]["message"])
        assert (await client.get("/api/hub/automations"))[0] == 200


@pytest.mark.parametrize("name", ["runs", "automation_states", "users"])
async def test_a_hub_that_cannot_start_for_it_tells_so_alone(
    start_without: Start, name: str
) -> None:
    with pytest.raises(StorageFailed, match=TOLD):
        async with start_without(name):
            pass


async def test_a_run_whose_end_cannot_be_written_ends_all_the_same(start_without: Start) -> None:
    async with start_without("runs_by_end") as client:
        for _ in range(2):
            await client.run(plain_graph(fake="fail"))
        assert (await client.get("/healthz"))[0] == 200
