"""One scripted clock drives a whole hub: schedules, settling files, flurries, pauses between
attempts, and the age of history."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hub.app import Hub
from hub.notices import FiringChanged, HistoryPruned, RunFinished, Subscription
from hub.records.firing import Firing
from hub.records.run import Run
from hub.testing.clock import ScriptedClock
from hub.testing.inbox import jpeg
from tests.automations.started import Start, ended

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SETTINGS = """
folders: {allow: [inbox]}
engine: {stall_seconds: 100000000}
retention: {every: 1h, runs: {age: 2h}, firings: {age: 2h}}
"""
KEPT = """
  retention: {firings: {age: 30d}}
  actions: [{stop: Done.}]
"""
AUTOMATIONS = """
- id: hourly
  triggers: [{trigger: schedule, every: 1h}]
  actions:
    - action: workflow.run
      data: {workflow: card, parameters: {fake: fail}}
      retry: {attempts: 2, backoff: 10 min, on: node_failed}
- id: files
  debounce: 5 min
  triggers: [{trigger: folder, path: inbox, settle: 1 min, existing: process}]
  actions: [{delay: 3 min}]
"""


@asynccontextmanager
async def passing(hub: Hub, clock: ScriptedClock) -> AsyncIterator[asyncio.Lock]:
    """Time goes on, while threads and processes take their own; but it stands still during a run,
    and for whoever holds the lock."""
    still = asyncio.Lock()

    async def pass_by() -> None:
        while True:
            async with still:
                if not hub.runs.all_unended():
                    await clock.advance(20)
            await asyncio.sleep(0.002)

    task = asyncio.create_task(pass_by())
    yield still
    task.cancel()


async def until_pruned(
    hub: Hub, subscription: Subscription, still: asyncio.Lock
) -> tuple[dict[str, Firing], dict[str, list[Run]]]:
    """The first firing of each automation, and all runs by firing, until old firings go."""
    firings: dict[str, Firing] = {}
    runs: dict[str, list[Run]] = {}
    async for notice in subscription:
        match notice:
            case RunFinished(run=run):
                runs.setdefault(str(run.firing), []).append(run)
            case FiringChanged(firing=firing, automation=name, state=state) if state != "running":
                if name not in firings:
                    async with still:  # or it might be gone before it is read
                        firings[name] = await hub.books.firings.get(firing)
            case HistoryPruned() if {"hourly", "files"} <= firings.keys():
                left = await hub.books.firings.page()
                if firings["files"].id not in [firing.id for firing in left]:
                    break
    return firings, runs


async def test_everything_goes_by_one_clock(start: Start, tmp_path: Path) -> None:
    clock = ScriptedClock(NOON)
    (tmp_path / "hub.yaml").write_text(SETTINGS)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "a.jpg").write_bytes(jpeg())
    async with start(KEPT, more=AUTOMATIONS, clock=clock) as hub:
        await ended(hub, 1, {})
        (kept,) = await hub.books.firings.page()
        with hub.notices.subscribe() as subscription:
            async with passing(hub, clock) as still:
                firings, runs = await until_pruned(hub, subscription, still)
        left = [firing.id for firing in await hub.books.firings.page()]
    files, hourly = firings["files"], firings["hourly"]

    # The file settles for a minute, is held for five, and its firing takes three.
    assert files.created_at >= NOON + 6 * MINUTE
    assert files.ended_at is not None
    assert files.ended_at >= files.created_at + 3 * MINUTE

    # The first full hour; two attempts, ten minutes apart.
    assert hourly.created_at >= NOON + 60 * MINUTE
    first, second = runs[hourly.id]
    assert first.ended_at is not None
    assert second.created_at >= first.ended_at + 10 * MINUTE

    # What is older than two hours goes, but for what is wanted longer.
    assert clock.now() >= files.ended_at + 120 * MINUTE
    assert files.id not in left
    assert kept.id in left
