"""A whole hub with the worker that needs no torch, and a client that talks to it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from hub.app import Hub
from tests.web.browser import browsing
from tests.web.client import Client
from tests.web.configuration import write_configuration
from tests.web.extras_hub import HubWithExtras, running_hub


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


@pytest.fixture
async def live_page(hub: Hub) -> AsyncIterator[Page]:
    """The hub's page, open and live."""
    async with browsing() as page:
        await page.goto(hub.address)
        await expect(page.locator("#connection")).to_have_text("Live")
        yield page


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def hub_with_extras(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[HubWithExtras]:
    """One hub with a real worker, whose packs add routes, messages, a prompt hook and files."""
    async with running_hub(tmp_path_factory.mktemp("hub") / "config") as running:
        yield running
