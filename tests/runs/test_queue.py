"""Waiting for the queue of runs to be empty, or filled."""

import asyncio
from datetime import UTC, datetime

from hub.notices import Notices, RunFinished, RunQueued
from hub.records.run import Origin, Run, RunState
from hub.runs.queue import RunQueue


class Bus:
    """Runs come and go, with a notice of each."""

    def __init__(self) -> None:
        self.notices = Notices()
        self.runs: dict[str, Run] = {}
        self.queue = RunQueue(self.notices, self.runs.values)

    def come(self, name: str, firing: str | None = None) -> None:
        now = datetime(2026, 1, 15, tzinfo=UTC)
        self.runs[name] = Run(
            number=1,
            id=name,
            state=RunState.QUEUED,
            origin=Origin.API,
            graph={},
            created_at=now,
            firing=firing,
        )
        self.notices.publish(RunQueued(run=self.runs[name]))

    def go(self, name: str) -> None:
        self.notices.publish(RunFinished(run=self.runs.pop(name)))


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_the_last_run_to_go_leaves_it_empty() -> None:
    bus = Bus()
    await bus.queue.until_empty()
    bus.come("a")
    bus.come("b")
    waiting = asyncio.create_task(bus.queue.until_empty())
    await settled()
    bus.go("a")
    await settled()
    assert not waiting.done()
    bus.go("b")
    await waiting


async def test_runs_of_one_firing_can_be_left_out() -> None:
    bus = Bus()
    bus.come("a", firing="mine")
    await bus.queue.until_filled()
    waiting = asyncio.create_task(bus.queue.until_filled(besides="mine"))
    await settled()
    bus.come("b", firing="mine")
    await settled()
    assert not waiting.done()
    bus.come("c", firing="another")
    await waiting
    await bus.queue.until_filled(besides="mine")
