"""How a hub with a long history answers: its start, every list and page, and letting go of it.

`python -m benchmarks.history --runs 1000000` measures with as many runs as one likes, and ten
points of progress for each; with the other benchmarks there are 200,000.
"""

import argparse
import asyncio
import shutil
import sys
import time
from pathlib import Path
from statistics import median

from rich.console import Console

from benchmarks.figure import Figure, percentile
from benchmarks.hub_under_test import HubUnderTest, running_hub
from benchmarks.long_history import PROGRESS_OF_A_RUN, write_history
from benchmarks.start_up import STARTS

RUNS = 200_000
TIMES = 20
LIMIT = "< 50 ms"
_SETTINGS = "folders: {allow: [inbox]}\nretention: {every: 7d}  # not while it is measured\n"
_PRUNING = """
folders: {allow: [inbox]}
retention:
  every: 7d
  firings: {count: %d}
  runs: {count: %d}
  outputs: {count: %d}
  progress: {count: %d}
"""
_ROWS_OF = {"runs": 5, "firings": 3, "outputs": 2, "progress": 1}  # with what belongs to each


async def measure(work: Path, runs: int = RUNS) -> list[Figure]:
    config = work / "config"
    (config / "inbox").mkdir(parents=True)
    (config / "hub.yaml").write_text(_SETTINGS)
    begun = time.perf_counter()
    await asyncio.to_thread(write_history, config / "data" / "hub.sqlite", runs, config / "inbox")
    size = (config / "data" / "hub.sqlite").stat().st_size / 2**30
    took = time.perf_counter() - begun
    sys.stderr.write(f"  {runs:,} runs written in {took:.0f} s, {size:.2f} GiB\n")
    first = [await _first_answer(config) for _ in range(STARTS)]
    figures = [
        Figure(
            what=f"start to first answer with {runs:,} runs ({size:.1f} GiB)",
            value=f"{median(first):.2f} s",
            hold="≤ 1.0 s",
        )
    ]
    async with running_hub(config) as hub:
        figures += [await _answering(hub, what, path) for what, path in _pages(runs, config)]
    return figures + await _letting_go(config, runs)


async def _first_answer(config: Path) -> float:
    """Taken as often as that of an empty hub, so that the two can be compared."""
    async with running_hub(config) as hub:
        return hub.first_answer


def _pages(runs: int, config: Path) -> list[tuple[str, str]]:
    run = f"00000000-0000-4000-8000-{runs // 2:012}"
    middle = f"before={runs // 2}"
    return [
        ("the latest runs", "runs"),
        ("a page in the middle", f"runs?{middle}"),
        ("runs in a rare state", f"runs?state=cancelled&{middle}"),
        ("runs of a workflow", f"runs?workflow=workflow_3&{middle}"),
        ("runs of a rare workflow", "runs?workflow=rare"),
        ("failed runs of a rare workflow: none", "runs?workflow=rare&state=failed"),
        ("runs of an automation", f"runs?automation=automation_7&{middle}"),
        ("runs of a rare automation", "runs?automation=rare"),
        ("failed runs of a rare automation: none", "runs?automation=rare&state=failed"),
        ("cancelled runs of an automation: none", "runs?automation=automation_7&state=cancelled"),
        ("one run, by number", f"runs/{runs // 2}"),
        ("one run, by id", f"runs/{run}"),
        ("the latest firings", "firings"),
        ("firings of a rare automation", "firings?automation=rare"),
        ("one firing", f"firings/firing-{runs // 2}"),
        ("why, of an input", f"why?path={config}/inbox/{runs // 2}.jpg"),
        ("why, of an output", f"why?path={config}/inbox/out/{runs // 2 + 1}.png"),
        ("the status", "status"),
        ("ComfyUI's history of one run", f"../../history/{run}"),
        ("ComfyUI's history: the latest 200", "../../history?max_items=200"),
        ("the same from the middle", f"../../history?max_items=200&offset={runs // 4}"),
        ("ComfyUI's jobs: the latest 100", "../jobs?limit=100"),
        ("failed jobs, from the middle", f"../jobs?status=failed&limit=100&offset={runs // 100}"),
    ]


async def _answering(hub: HubUnderTest, what: str, path: str) -> Figure:
    times = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        async with hub.client.get(f"/api/hub/{path}") as answer:
            await answer.read()
            assert answer.status == 200, f"{path}: {answer.status}"
        times.append((time.perf_counter() - begun) * 1000)
    worst = percentile(times, 0.95)
    return Figure(what=what, value=f"{median(times):.1f} ms (p95 {worst:.1f})", hold=LIMIT)


async def _letting_go(config: Path, runs: int) -> list[Figure]:
    """A tenth of everything goes at once, while somebody lists runs all the time."""
    kept = runs * 9 // 10
    (config / "hub.yaml").write_text(_PRUNING % (kept, kept, kept, kept * PROGRESS_OF_A_RUN))
    times: list[float] = []
    async with running_hub(config) as hub:
        begun = time.perf_counter()
        pruning = asyncio.ensure_future(hub.client.post("/api/hub/prune"))
        while not pruning.done():
            asked = time.perf_counter()
            async with hub.client.get("/api/hub/runs") as answer:
                await answer.read()
            times.append((time.perf_counter() - asked) * 1000)
            await asyncio.sleep(0.02)
        async with await pruning as answer:
            pruned = (await answer.json())["pruned"]
        seconds = time.perf_counter() - begun
    rows = sum(pruned[name] * count for name, count in _ROWS_OF.items())
    return [
        Figure(
            what=f"{pruned['runs']:,} runs let go with all that belongs to them",
            value=f"{seconds:.0f} s, {rows / seconds:,.0f} rows/s",
        ),
        Figure(
            what="the latest runs, listed meanwhile",
            value=f"{median(times):.1f} ms (p95 {percentile(times, 0.95):.1f})",
            hold=LIMIT,
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures a hub with a long history.")
    parser.add_argument("--runs", type=int, default=RUNS)
    runs = parser.parse_args().runs
    work = Path(__file__).parent / ".work" / "history"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        for figure in asyncio.run(measure(work, runs)):
            Console(width=120).print(figure.what, figure.value, figure.hold, sep=" | ")
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
