"""Whether the memory of hub and worker stays the same over thousands of runs."""

from pathlib import Path
from statistics import linear_regression

from benchmarks.figure import Figure
from benchmarks.hub_under_test import running_hub
from benchmarks.machine import resident_mebibytes
from benchmarks.prompts import Prompts, connect
from benchmarks.trivial_runs import trivial

WARM_UP = 1500
RUNS = 5000
AT_ONCE = 100


async def measure(work: Path) -> list[Figure]:
    """The slope of a line through what was resident after every hundred runs."""
    (work / "config").mkdir()
    (work / "config" / "hub.yaml").write_text("engine: {cache: {bytes: 4 MiB}}\n")
    async with running_hub(work / "config") as hub, connect(hub.client) as prompts:
        (worker,) = await hub.worker_pids()
        await _carry_out(prompts, WARM_UP)
        done, of_hub, of_worker = [0], [resident_mebibytes(hub.pid)], [resident_mebibytes(worker)]
        while done[-1] < RUNS:
            await _carry_out(prompts, AT_ONCE)
            done.append(done[-1] + AT_ONCE)
            of_hub.append(resident_mebibytes(hub.pid))
            of_worker.append(resident_mebibytes(worker))
    return [
        _figure("the hub", done, of_hub),
        _figure("the worker, with a cache of 4 MiB", done, of_worker),
    ]


async def _carry_out(prompts: Prompts, runs: int) -> None:
    for _ in range(runs // AT_ONCE):
        await prompts.wait(*[await prompts.post(trivial("many")) for _ in range(AT_ONCE)])


def _figure(whose: str, done: list[int], memory: list[float]) -> Figure:
    slope, _ = linear_regression(done, [1024 * mebibytes for mebibytes in memory])
    return Figure(
        what=f"memory of {whose} over {RUNS:,} runs",
        value=f"{memory[0]:.0f} to {memory[-1]:.0f} MiB, {1000 * slope:+.0f} KiB per 1,000 runs",
        hold="flat",
    )
