"""How many webhook requests per second are accepted, each committed and synced before its answer.

The client is written to sockets directly, because it shares the machine with the hub: a comfortable
one would take more of it than the hub does.
"""

import asyncio
import re
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.automation import write_configuration
from benchmarks.figure import Figure, percentile
from benchmarks.hub_under_test import running_hub

REQUESTS = 3000
TOKEN = "measured"


async def measure(work: Path) -> list[Figure]:
    write_configuration(work, f"{{trigger: webhook, webhook_id: benchmark, token: {TOKEN}}}")
    async with running_hub(work) as hub:
        await _load(hub.port, connections=1, requests=100)
        sixteen = await _load(hub.port, connections=16, requests=REQUESTS)
        one = await _load(hub.port, connections=1, requests=REQUESTS // 3)
    return [
        _figure("16 kept connections", *sixteen, hold="≥ 1500/s, p99 < 50 ms"),
        _figure("one kept connection", *one, hold="≥ 600/s"),
    ]


def _figure(how: str, rate: float, latencies: list[float], hold: str) -> Figure:
    middle, late = (1000 * percentile(latencies, part) for part in (0.5, 0.99))
    return Figure(
        what=f"webhook requests accepted over {how}",
        value=f"{rate:.0f}/s, p50 {middle:.1f} ms, p99 {late:.1f} ms",
        hold=hold,
    )


async def _load(port: int, *, connections: int, requests: int) -> tuple[float, list[float]]:
    """Requests per second, and the seconds that each took."""
    numbers = iter(range(requests))
    latencies: list[float] = []
    begun = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(connections):
            tasks.create_task(_call(port, numbers, latencies))
    return requests / (time.perf_counter() - begun), latencies


async def _call(port: int, numbers: Iterator[int], latencies: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in numbers:
        body = b'{"number": %d}' % number
        begun = time.perf_counter()
        writer.write(
            b"POST /api/webhook/benchmark HTTP/1.1\r\n"
            b"Host: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n"
            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            % (port, TOKEN.encode(), len(body), body)
        )
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
        if not head.startswith(b"HTTP/1.1 202"):
            raise RuntimeError(f"the webhook answered {head.splitlines()[0]!r}")
        latencies.append(time.perf_counter() - begun)
    writer.close()
