"""Notices: past-tense messages on the in-process bus, seen by pages, clients and waiting firings.

Attaching is iterating, detaching is leaving the `with` block. A listener that does not keep up
loses its oldest notices and is told how many, so that it never holds up the hub.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hub.records.run import Run


@dataclass(frozen=True, kw_only=True, slots=True)
class RunQueued:
    """A run was committed to the queue."""

    run: Run


@dataclass(frozen=True, kw_only=True, slots=True)
class RunStarted:
    """A worker began an attempt."""

    run: Run


@dataclass(frozen=True, kw_only=True, slots=True)
class NodesCached:
    """An attempt looked up its cache: these nodes need not be carried out."""

    run: Run
    nodes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeStarted:
    """A node is being carried out."""

    run: Run
    node: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeProgressed:
    """A node reported how far it is: `value` of `maximum`."""

    run: Run
    node: str
    value: float
    maximum: float


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeFinished:
    """A node is done; `ui` is what it shows, with final file names, or None.

    `display` and `blocked` as in `hub.records.run.RunNode`.
    """

    run: Run
    node: str
    ui: dict[str, Any] | None
    cached: bool
    display: str | None = None
    blocked: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RunFinished:
    """A run ended, whichever way: its record, with state and error, is committed."""

    run: Run


@dataclass(frozen=True, kw_only=True, slots=True)
class FiringChanged:
    """A firing was made, went a step on, or ended."""

    firing: str
    automation: str
    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FileSighted:
    """A folder trigger changed its mind about a file."""

    automation: str
    path: str
    state: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticesLost:
    """The listener was too slow; this many of its oldest notices were dropped."""

    count: int


Notice = (
    RunQueued
    | RunStarted
    | NodesCached
    | NodeStarted
    | NodeProgressed
    | NodeFinished
    | RunFinished
    | FiringChanged
    | FileSighted
    | NoticesLost
)


class Subscription:
    """One listener's bounded queue."""

    def __init__(self, limit: int) -> None:
        self._waiting: deque[Notice] = deque()
        self._limit = limit
        self._lost = 0
        self._arrived = asyncio.Event()

    def offer(self, notice: Notice) -> None:
        if len(self._waiting) >= self._limit:
            self._waiting.popleft()
            self._lost += 1
        self._waiting.append(notice)
        self._arrived.set()

    async def __aiter__(self) -> AsyncIterator[Notice]:
        while True:
            await self._arrived.wait()
            if self._lost:
                lost, self._lost = self._lost, 0
                yield NoticesLost(count=lost)
            while self._waiting:
                yield self._waiting.popleft()
            self._arrived.clear()


class Notices:
    """The bus: publish to all who listen."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()

    def publish(self, notice: Notice) -> None:
        """Hand `notice` to every listener; never waits."""
        for subscription in self._subscriptions:
            subscription.offer(notice)

    @contextmanager
    def subscribe(self, limit: int = 10_000) -> Iterator[Subscription]:
        """Listen from now on; iterate the subscription with `async for`."""
        subscription = Subscription(limit)
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)
