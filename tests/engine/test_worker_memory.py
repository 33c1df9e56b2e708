"""What a real worker takes of the machine's memory while it keeps results."""

from pathlib import Path
from typing import Any

import psutil
import pytest

from hub.config.engine_settings import CachePolicy, CacheSettings
from tests.engine.story import job, node, running_engine

MEBIBYTE = 1 << 20
BUDGET = 64 * MEBIBYTE
SLACK = 160 * MEBIBYTE
"""Half the budget and 64 MiB that the allocator may keep in reserve, and 64 MiB for a run's own
values."""

RUNS = 60


def inverted(side: int, colour: int) -> dict[str, Any]:
    """A picture and a tensor, 16 MiB together at a side of 1024."""
    return {
        "1": node("EmptyImage", width=side, height=side, batch_size=1, color=colour),
        "2": node("ImageInvert", image=["1", 0]),
        "3": node("ImageToMask", image=["2", 0], channel="red"),
    }


@pytest.mark.parametrize("policy", [CachePolicy.MEMORY, CachePolicy.CLASSIC, CachePolicy.LRU])
async def test_the_budget_holds_for_the_memory_of_the_process(
    tmp_path: Path, policy: CachePolicy
) -> None:
    settings = CacheSettings(policy=policy, bytes=BUDGET, runs=RUNS)
    real = "hub.engine.worker"
    async with running_engine(tmp_path, worker_module=real, cache=settings) as (engine, story):
        engine.submit(job("small", inverted(8, 0), "3"))
        await story.ended("small")
        worker = psutil.Process(engine.workers[0].pid)
        before = worker.memory_info().rss
        for number in range(RUNS):
            engine.submit(job(f"run{number}", inverted(1024, number), "3"))
            await story.ended(f"run{number}")
            assert worker.memory_info().rss - before < BUDGET + SLACK
