"""Waiting for a run that must not stand still: its time is counted from its last sign of life."""

import asyncio
from datetime import timedelta

from hub.automations.actions.base import Means
from hub.clock import Clock
from hub.notices import (
    NodeFinished,
    NodeProgressed,
    NodesCached,
    NodeStarted,
    RunStarted,
    Subscription,
)
from hub.records.run import Run, RunState

_SIGNS_OF_LIFE = (RunStarted, NodesCached, NodeStarted, NodeProgressed, NodeFinished)


async def wait_unless_stalled(run: str, limit: timedelta, means: Means) -> Run | None:
    """The run once it has ended; None when it made no progress for so long, and still has not.

    Waiting for a worker is no stall: the time counts from the start of an attempt.
    """
    pulse = _Pulse(means.clock)
    with means.notices.subscribe() as subscription:
        if (known := means.runs.unended(run)) and known.state is RunState.RUNNING:
            pulse.beat()
        ending = asyncio.create_task(means.runs.wait(run))
        looking = [
            asyncio.create_task(pulse.listen(run, subscription)),
            asyncio.create_task(pulse.stops(limit.total_seconds())),
        ]
        try:
            await asyncio.wait([ending, looking[1]], return_when=asyncio.FIRST_COMPLETED)
            return ending.result() if ending.done() else None
        finally:
            for task in (ending, *looking):
                task.cancel()
            await asyncio.gather(ending, *looking, return_exceptions=True)


class _Pulse:
    """When a run last showed a sign of life; None before the first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: float | None = None
        self._first = asyncio.Event()

    def beat(self) -> None:
        self._last = self._clock.monotonic()
        self._first.set()

    async def listen(self, run: str, subscription: Subscription) -> None:
        async for notice in subscription:
            if isinstance(notice, _SIGNS_OF_LIFE) and notice.run.id == run:
                self.beat()

    async def stops(self, limit: float) -> None:
        """Return once there was none for `limit` seconds."""
        await self._first.wait()
        assert self._last is not None
        while (rest := self._last + limit - self._clock.monotonic()) > 0:
            await self._clock.sleep(rest)
