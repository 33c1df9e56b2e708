"""Runs of which nothing, or only the name of the file, has changed since the last one."""

from pathlib import Path
from statistics import median

from benchmarks.figure import Figure, percentile
from benchmarks.hub_under_test import HubUnderTest, running_hub
from benchmarks.machine import cpu_seconds
from benchmarks.prompts import Graph, Prompts, connect
from benchmarks.trivial_runs import trivial

WARM_UP = 20
RUNS = 200


async def measure(work: Path) -> list[Figure]:
    graph = trivial("cached")
    renamed = [named(graph, f"renamed/{number}") for number in range(WARM_UP + RUNS)]
    same = [graph] * len(renamed)
    async with running_hub(work) as hub, connect(hub.client) as prompts:
        return [
            await _figure("a run all from the cache", "≤ 3.4 ms", hub, prompts, same),
            await _figure("only the file name has changed", "≤ 5 ms", hub, prompts, renamed),
        ]


def named(graph: Graph, prefix: str) -> Graph:
    """The same, saved under another name."""
    saving = graph["2"]
    return graph | {"2": saving | {"inputs": saving["inputs"] | {"filename_prefix": prefix}}}


async def _figure(
    what: str, hold: str, hub: HubUnderTest, prompts: Prompts, graphs: list[Graph]
) -> Figure:
    for graph in graphs[:WARM_UP]:
        await prompts.run(graph)
    pids = [hub.pid, *await hub.worker_pids()]
    before = cpu_seconds(*pids)
    latencies = [1000 * await prompts.run(graph) for graph in graphs[WARM_UP:]]
    cpu = 1000 * (cpu_seconds(*pids) - before) / RUNS
    times = f"{median(latencies):.1f} ms (p95 {percentile(latencies, 0.95):.1f})"
    return Figure(what=what, value=f"{times}, {cpu:.1f} ms of processor time", hold=hold)
