"""`hub serve`."""

import signal
from pathlib import Path

import aiohttp

from tests.cli.conftest import start_command


async def test_a_hub_serves_until_it_is_asked_to_stop(config: Path) -> None:
    process = await start_command(config, "serve", "--port", "0", "--log-level", "warning")
    assert process.stderr is not None
    told = (await process.stderr.readline()).decode()
    address = told.split()[4]
    async with aiohttp.ClientSession() as session, session.get(f"{address}/healthz") as response:
        assert response.status == 200
    process.send_signal(signal.SIGTERM)
    out, err = await process.communicate()
    assert (process.returncode, out, err) == (0, b"", b"")
