"""A hub to be measured: `hub serve` on a configuration folder of its own, spoken to over HTTP."""

import asyncio
import contextlib
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import aiohttp

PATIENCE = 60.0  # seconds for a start


@dataclass(kw_only=True)
class HubUnderTest:
    """A running hub; `first_answer` and `ready` are seconds since its start."""

    process: asyncio.subprocess.Process
    client: aiohttp.ClientSession
    port: int
    first_answer: float
    ready: float

    @property
    def pid(self) -> int:
        return self.process.pid

    async def worker_pids(self) -> list[int]:
        async with self.client.get("/api/hub/status") as answer:
            return [worker["pid"] for worker in (await answer.json())["workers"]]


@asynccontextmanager
async def running_hub(config: Path) -> AsyncIterator[HubUnderTest]:
    """Start a hub on `config`, which may lack a hub.yaml, and wait until a worker is ready."""
    port = _free_port()
    with _prepare(config) as log:
        begun = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "hub.cli", "serve", "--config", str(config)),
            *("--port", str(port)),
            stdout=log,
            stderr=log,
        )
    try:
        async with (
            asyncio.timeout(None) as limit,
            aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client,
        ):
            limit.reschedule(asyncio.get_running_loop().time() + PATIENCE)
            first = await _answers(process, client, "/healthz") - begun
            ready = await _answers(process, client, "/readyz") - begun
            limit.reschedule(None)
            yield HubUnderTest(
                process=process, client=client, port=port, first_answer=first, ready=ready
            )
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        await process.wait()


def _prepare(config: Path) -> BinaryIO:
    """Make the folder, and open the hub's log in it."""
    config.mkdir(parents=True, exist_ok=True)
    return (config / "hub.log").open("wb")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _answers(
    process: asyncio.subprocess.Process, client: aiohttp.ClientSession, path: str
) -> float:
    """The moment at which the hub answers well there."""
    while process.returncode is None:
        with contextlib.suppress(aiohttp.ClientConnectionError):
            async with client.get(path) as answer:
                if answer.status == 200:
                    return time.perf_counter()
        await asyncio.sleep(0.005)
    raise RuntimeError("the hub ended at its start; the hub.log of its folder says why")
