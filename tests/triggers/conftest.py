"""A folder to drop files into, and a folder trigger's surroundings with real probes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from hub.config.folders import Allowed, Folders
from hub.probe.pool import ProbePool
from hub.storage.input_store import InputStore
from hub.testing.clock import ScriptedClock
from hub.testing.folder_context import MemoryTriggerContext
from hub.testing.inbox import Inbox
from tests.triggers.webhook_address import Address


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def probe() -> AsyncIterator[ProbePool]:
    async with ProbePool() as pool:
        yield pool


@pytest.fixture
def clock() -> ScriptedClock:
    return ScriptedClock()


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path / "inbox")


@pytest.fixture
async def address() -> AsyncIterator[Address]:
    address = Address()
    yield address
    await address.close()


@pytest.fixture
def context(tmp_path: Path, probe: ProbePool, clock: ScriptedClock) -> MemoryTriggerContext:
    return MemoryTriggerContext(
        clock=clock,
        folders=Folders(config=tmp_path, data=tmp_path / "data", allowed=Allowed((tmp_path,))),
        probe=probe,
        inputs=InputStore(tmp_path / "store"),
    )
