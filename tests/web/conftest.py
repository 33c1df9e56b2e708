"""A whole hub with the worker that needs no torch, and a client that talks to it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.app import Hub
from tests.web.client import Client
from tests.web.configuration import write_configuration


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration folder with a workflow, a folder trigger and a webhook."""
    folder = tmp_path / "config"
    write_configuration(folder)
    return folder


@pytest.fixture
async def hub(config: Path) -> AsyncIterator[Hub]:
    made = await asyncio.to_thread(Hub, config, port=0, worker_module="hub.testing.worker")
    async with made as running:
        yield running


@pytest.fixture
async def client(hub: Hub) -> AsyncIterator[Client]:
    async with Client(hub.address) as client:
        yield client
