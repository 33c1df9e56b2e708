"""A clock that moves only when told to."""

import asyncio
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count


class ScriptedClock:
    """Time stands still until `advance`; sleepers wake in the order of their moments."""

    def __init__(self, now: datetime = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)) -> None:
        self._start = now
        self._elapsed = 0.0
        self._order = count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(self._sleepers, (self._elapsed + seconds, next(self._order), waiting))
        await waiting

    @property
    def sleepers(self) -> int:
        """How many are waiting for a moment."""
        return sum(not future.done() for _, _, future in self._sleepers)

    async def advance(self, seconds: float) -> None:
        """Let time pass; whoever wakes meanwhile runs, and may sleep again, before it goes on."""
        goal = self._elapsed + seconds
        while self._sleepers and self._sleepers[0][0] <= goal:
            self._elapsed, _, waiting = heappop(self._sleepers)
            if not waiting.done():
                waiting.set_result(None)
                for _ in range(20):
                    await asyncio.sleep(0)
        self._elapsed = goal
