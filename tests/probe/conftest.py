"""One pool of real probe processes for all tests of a module."""

from collections.abc import AsyncIterator

import pytest_asyncio

from hub.probe.pool import ProbePool


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def probe() -> AsyncIterator[ProbePool]:
    async with ProbePool() as pool:
        yield pool
