"""The cost of a node that does next to nothing: 500 in a chain, and in a bare loop."""

import time
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure
from benchmarks.hub_under_test import HubUnderTest, running_hub
from benchmarks.machine import cpu_seconds
from benchmarks.prompts import Graph, Prompts, connect
from hub.nodes.strings import StringConcatenate

NODES = 500
RUNS = 20
_texts = map(str, count())


async def measure(work: Path) -> list[Figure]:
    async with running_hub(work) as hub, connect(hub.client) as prompts:
        await prompts.run(chain(next(_texts)))
        (worker,) = await hub.worker_pids()
        new = await _cost(prompts, [chain(next(_texts)) for _ in range(RUNS)], hub, worker)
        cached = await _cost(prompts, [chain("again")] * (RUNS + 1), hub, worker)
    bare = _bare_loop()
    return [
        Figure(what=f"a bare loop that calls {NODES} nodes", value=f"{bare:.2f} µs a node"),
        Figure(
            what=f"a graph of {NODES} cheap nodes: processor time of the worker, of the hub",
            value=_per_node(new),
            hold="≤ 50 µs a node in the worker",
        ),
        Figure(what="the same again, all from the cache", value=_per_node(cached)),
    ]


def chain(text: str) -> Graph:
    """Each node gives what it was given; the last one shows it."""
    nodes: Graph = {
        str(number): {
            "class_type": "StringConcatenate",
            "inputs": _inputs([str(number - 1), 0] if number else text),
        }
        for number in range(NODES - 1)
    }
    shown = {"class_type": "PreviewAny", "inputs": {"source": [str(NODES - 2), 0]}}
    return nodes | {"shown": shown}


def _inputs(given: Any) -> dict[str, Any]:
    return {"string_a": given, "string_b": "", "delimiter": ""}


async def _cost(
    prompts: Prompts, graphs: list[Graph], hub: HubUnderTest, worker: int
) -> tuple[float, float]:
    """Seconds of processor time per run of the worker and of the hub; the first does not count."""
    await prompts.run(graphs[0])
    before = cpu_seconds(worker), cpu_seconds(hub.pid)
    for graph in graphs[1:]:
        await prompts.run(graph)
    after = cpu_seconds(worker), cpu_seconds(hub.pid)
    runs = len(graphs) - 1
    return (after[0] - before[0]) / runs, (after[1] - before[1]) / runs


def _per_node(cost: tuple[float, float]) -> str:
    worker, hub = (1e6 * seconds / NODES for seconds in cost)
    return f"{worker:.0f} µs, {hub:.0f} µs a node"


def _bare_loop() -> float:
    """Microseconds per call."""
    begun = time.process_time()
    for _ in range(RUNS):
        text = next(_texts)
        for _ in range(NODES):
            (text,) = StringConcatenate.execute(**_inputs(text)).values
    return 1e6 * (time.process_time() - begun) / RUNS / NODES
