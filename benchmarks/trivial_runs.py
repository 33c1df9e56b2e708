"""The cost of a run in which nearly nothing happens: a 64² image made and saved, durably."""

import time
from itertools import count
from pathlib import Path
from statistics import median

from benchmarks.figure import Figure, percentile
from benchmarks.hub_under_test import HubUnderTest, running_hub
from benchmarks.machine import cpu_seconds
from benchmarks.prompts import Graph, Prompts, connect

WARM_UP = 20
ONE_BY_ONE = 200
AT_ONCE = 500
_colours = count(1, 7919)


async def measure(work: Path) -> list[Figure]:
    async with running_hub(work) as hub, connect(hub.client) as prompts:
        for _ in range(WARM_UP):
            await prompts.run(trivial("warm"))
        return [*await _one_by_one(hub, prompts), *await _at_once(prompts)]


def trivial(folder: str) -> Graph:
    """Of another colour each time, so that no cache answers."""
    image = {"width": 64, "height": 64, "batch_size": 1, "color": next(_colours) % 0xFFFFFF}
    return {
        "1": {"class_type": "EmptyImage", "inputs": image},
        "2": {
            "class_type": "SaveImage",
            "inputs": {"images": ["1", 0], "filename_prefix": f"{folder}/image"},
        },
    }


async def _one_by_one(hub: HubUnderTest, prompts: Prompts) -> list[Figure]:
    pids = [hub.pid, *await hub.worker_pids()]
    before = cpu_seconds(*pids)
    latencies = [1000 * await prompts.run(trivial("single")) for _ in range(ONE_BY_ONE)]
    cpu = 1000 * (cpu_seconds(*pids) - before) / ONE_BY_ONE
    return [
        Figure(
            what="trivial run, posted to done",
            value=f"{median(latencies):.1f} ms (p95 {percentile(latencies, 0.95):.1f})",
            hold="≤ 3.9 ms at 55 M turns/s",
        ),
        Figure(
            what="processor time of hub and worker for it", value=f"{cpu:.1f} ms", hold="≤ 2.0 ms"
        ),
    ]


async def _at_once(prompts: Prompts) -> list[Figure]:
    begun = time.perf_counter()
    posted = [await prompts.post(trivial("many")) for _ in range(AT_ONCE)]
    accepted = time.perf_counter() - begun
    await prompts.wait(*posted)
    done = time.perf_counter() - begun
    return [
        Figure(
            what=f"{AT_ONCE} trivial runs posted back to back: accepted",
            value=f"{AT_ONCE / accepted:.0f}/s",
        ),
        Figure(
            what=f"{AT_ONCE} trivial runs posted back to back: done",
            value=f"{AT_ONCE / done:.0f}/s",
            hold="≥ 426/s at 55 M turns/s",
        ),
    ]
