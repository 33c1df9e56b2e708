"""Whether many clients at the WebSocket cost anybody anything: 200 of them, of which 20 never read,
while 500 runs go through.

The clients read bytes and look at nothing, because they share the machine with the hub.
"""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.figure import Figure, percentile
from benchmarks.hub_under_test import HubUnderTest, running_hub
from benchmarks.machine import resident_mebibytes
from benchmarks.prompts import Prompts, connect
from benchmarks.trivial_runs import trivial

CLIENTS = 200
NEVER_READING = 20
RUNS = 500
WARM_UP = 100
QUIET = 1.0  # seconds in which nothing comes any more
PIECE = 1 << 16
SMALL_BUFFER = 4096  # bytes, of those who do not read


@dataclass(kw_only=True)
class Arrivals:
    """What clients got: bytes, and when the last of them came to any of them."""

    bytes: int = 0
    last: float = field(default_factory=time.perf_counter)


async def measure(work: Path) -> list[Figure]:
    async with running_hub(work) as hub, connect(hub.client) as prompts:
        await _runs(prompts, WARM_UP)
        alone = await _runs(prompts, RUNS)
        before = resident_mebibytes(hub.pid)
        async with _clients(hub.port) as arrivals, _asking(hub) as latencies:
            with_clients = await _runs(prompts, RUNS)
            done = time.perf_counter()
            while time.perf_counter() - arrivals.last < QUIET:  # noqa: ASYNC110 - silence has no event
                await asyncio.sleep(QUIET / 10)
            grown = resident_mebibytes(hub.pid) - before
        late = max(0.0, arrivals.last - done)
        after = await _runs(prompts, RUNS)
    share = 100 * (RUNS / with_clients) / (RUNS / alone)
    return [
        Figure(
            what=f"{RUNS} runs while {CLIENTS} clients listen, {NEVER_READING} of them not reading",
            value=f"{RUNS / with_clients:.0f}/s, {share:.0f} % of {RUNS / alone:.0f}/s without "
            f"(afterwards {RUNS / after:.0f}/s)",
        ),
        Figure(
            what="the last client heard of the last end",
            value=f"{1000 * late:.0f} ms later, of {arrivals.bytes / 2**20:.0f} MiB in all",
        ),
        Figure(
            what="another request meanwhile",
            value=f"p50 {1000 * percentile(latencies, 0.5):.0f} ms, "
            f"p99 {1000 * percentile(latencies, 0.99):.0f} ms",
        ),
        Figure(what="memory of the hub with them", value=f"{grown:+.1f} MiB", hold="≤ + 64 MiB"),
    ]


async def _runs(prompts: Prompts, runs: int) -> float:
    """The seconds from the first to be posted to the last that is done."""
    begun = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(prompts.wait_for(runs))
        for _ in range(runs):
            await prompts.post(trivial("many"))
    return time.perf_counter() - begun


@asynccontextmanager
async def _clients(port: int) -> AsyncIterator[Arrivals]:
    """All of them, as long as the block lasts."""
    arrivals = Arrivals()
    async with AsyncExitStack() as stack:
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        for number in range(CLIENTS):
            reads = number >= NEVER_READING
            reader, writer = await _connected(port, f"client-{number}", small=not reads)
            stack.callback(writer.close)
            if reads:
                listening = tasks.create_task(_listen(reader, arrivals))
                stack.callback(listening.cancel)
            else:
                writer.transport.pause_reading()  # type: ignore[attr-defined]  # of sockets
        yield arrivals


async def _connected(
    port: int, name: str, *, small: bool
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """After the handshake of RFC 6455."""
    made = socket.socket()
    if small:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
    made.setblocking(False)
    await asyncio.get_running_loop().sock_connect(made, ("127.0.0.1", port))
    reader, writer = await asyncio.open_connection(sock=made)
    writer.write(
        f"GET /ws?clientId={name} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 101"):
        raise RuntimeError(f"the WebSocket answered {head.splitlines()[0]!r}")
    return reader, writer


async def _listen(reader: asyncio.StreamReader, arrivals: Arrivals) -> None:
    while piece := await reader.read(PIECE):
        arrivals.bytes += len(piece)
        arrivals.last = time.perf_counter()


@asynccontextmanager
async def _asking(hub: HubUnderTest) -> AsyncIterator[list[float]]:
    """The seconds of small requests, ten a second, as long as the block lasts."""
    latencies: list[float] = []

    async def ask() -> None:
        while True:
            begun = time.perf_counter()
            async with hub.client.get("/healthz") as answer:
                await answer.read()
            latencies.append(time.perf_counter() - begun)
            await asyncio.sleep(0.1)

    asking = asyncio.create_task(ask())
    try:
        yield latencies
    finally:
        asking.cancel()
