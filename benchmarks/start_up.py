"""How soon a hub answers after its start, and what memory it holds when idle."""

import asyncio
from pathlib import Path
from statistics import median

from benchmarks.figure import Figure
from benchmarks.hub_under_test import running_hub
from benchmarks.machine import resident_mebibytes

STARTS = 3
IDLE = 2.0  # seconds after it is ready


async def measure(work: Path) -> list[Figure]:
    first: list[float] = []
    ready: list[float] = []
    memory: list[float] = []
    for number in range(STARTS):
        async with running_hub(work / str(number)) as hub:
            await asyncio.sleep(IDLE)
            first.append(hub.first_answer)
            ready.append(hub.ready)
            memory.append(resident_mebibytes(hub.pid))
    return [
        Figure(what="start to first answer", value=f"{median(first):.2f} s", hold="≤ 1.0 s"),
        Figure(what="start to ready worker (torch loaded)", value=f"{median(ready):.2f} s"),
        Figure(
            what="hub process when idle, resident",
            value=f"{median(memory):.0f} MiB",
            hold="≤ 90 MiB",
        ),
    ]
