"""Time: aware UTC from a clock that tests can script. Nothing else reads the wall clock."""

import asyncio
import time
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Protocol, TypeVar

T = TypeVar("T")


class Clock(Protocol):
    """Tells the time and waits. `hub.testing.ScriptedClock` is the other implementation."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds that never go back; only differences mean something."""

    async def sleep(self, seconds: float) -> None:
        """Wait; an already elapsed time only yields."""


async def within(clock: Clock, seconds: float, work: Awaitable[T]) -> T:
    """What `work` gives, if it does in so many seconds; else it is cancelled.

    Raises `TimeoutError`.
    """
    working = asyncio.ensure_future(work)
    patience = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait((working, patience), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise TimeoutError
        return working.result()
    finally:
        working.cancel()
        patience.cancel()
        await asyncio.gather(working, patience, return_exceptions=True)


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))
