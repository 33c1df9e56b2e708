"""Notices: past-tense messages on the in-process bus, seen by pages, clients and waiting firings.

Attaching is iterating, detaching is leaving the `with` block. A listener that does not keep up
loses its oldest notices and is told how many, so that it never holds up the hub.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol

import msgspec

from hub.records.pruning import Pruned
from hub.records.run import Run

CONTENT_BYTES = 16 << 20
LEAST_CHARGE = 16 << 10  # so that at most a thousand messages with contents wait


class RunQueued(msgspec.Struct, frozen=True, kw_only=True):
    """A run was committed to the queue."""

    run: Run


class RunMoved(msgspec.Struct, frozen=True, kw_only=True):
    """A run that waits was given another turn."""

    run: Run


class RunStarted(msgspec.Struct, frozen=True, kw_only=True):
    """A worker began an attempt."""

    run: Run


class NodesCached(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt looked up its cache: these nodes need not be carried out."""

    run: Run
    nodes: tuple[str, ...]


class NodeStarted(msgspec.Struct, frozen=True, kw_only=True):
    """A node is being carried out."""

    run: Run
    node: str


class NodeProgressed(msgspec.Struct, frozen=True, kw_only=True):
    """A node reported how far it is: `value` of `maximum`."""

    run: Run
    node: str
    value: float
    maximum: float


class NodePreviewed(msgspec.Struct, frozen=True, kw_only=True):
    """A node showed a picture: encoded, of the MIME type `kind`; `may_be_missed` as in the
    message `Preview`. Only who subscribed with `with_contents` is told."""

    run: Run
    node: str
    image: bytes
    kind: str
    may_be_missed: bool = True


class PreviewChanged(msgspec.Struct, frozen=True, kw_only=True):
    """There is a newer picture of what a run has so far; whoever is interested asks for it."""

    run: Run
    node: str


class NodeFinished(msgspec.Struct, frozen=True, kw_only=True):
    """A node is done; `ui` is what it shows, with final file names, or None.

    `display` and `blocked` as in `hub.records.run.RunNode`.
    """

    run: Run
    node: str
    ui: dict[str, Any] | None
    cached: bool
    display: str | None = None
    blocked: str | None = None


class RunFinished(msgspec.Struct, frozen=True, kw_only=True):
    """A run ended, whichever way: its record, with state and error, is committed."""

    run: Run


class FiringChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A firing was made, went a step on (the step of that key), or ended."""

    firing: str
    automation: str
    state: str
    step: str | None = None


class FileSighted(msgspec.Struct, frozen=True, kw_only=True):
    """A folder trigger changed its mind about a file."""

    automation: str
    path: str
    state: str
    reason: str


class MomentsMissed(msgspec.Struct, frozen=True, kw_only=True):
    """So many moments of a schedule were missed and will not be made up for."""

    automation: str
    count: int
    latest: datetime


class AutomationSwitched(msgspec.Struct, frozen=True, kw_only=True):
    """An automation is on, or off, from now on. `by_hub` says that nobody asked for it."""

    automation: str
    on: bool
    reason: str
    by_hub: bool = False


class AutomationsPaused(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing is begun any more, for all automations; or again, if `paused` is false."""

    paused: bool


class ConfigurationReloaded(msgspec.Struct, frozen=True, kw_only=True):
    """The configuration was read again. The lists hold ids of automations; `mistakes` are those in
    the files, and `after_restart` the settings that changed and wait for a restart."""

    started: tuple[str, ...]
    changed: tuple[str, ...]
    ended: tuple[str, ...]
    mistakes: int
    after_restart: tuple[str, ...]


class ConfigurationRefused(msgspec.Struct, frozen=True, kw_only=True):
    """The configuration could not be read again, and everything goes on as before."""

    reason: str


class PackMessageSent(msgspec.Struct, frozen=True, kw_only=True):
    """A node pack said something to ComfyUI's client `client`, or to all: a text in UTF-8, or
    bytes. Only who subscribed with `with_contents` is told."""

    payload: bytes
    binary: bool
    client: str | None


class WorkerChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A worker is starting, ready, or gone; `reason` says why it cannot carry out runs."""

    worker: str
    state: str
    reason: str | None


class DeliveryEnded(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery got there, or was given up; `reason` says why."""

    delivery: str
    state: str
    reason: str | None


class OutputsChanged(msgspec.Struct, frozen=True, kw_only=True):
    """Outputs of these ids were starred, tagged or deleted, or no longer are."""

    outputs: tuple[int, ...]


class HistoryPruned(msgspec.Struct, frozen=True, kw_only=True):
    """Old history and files were removed: so much."""

    pruned: Pruned


class NoticesLost(msgspec.Struct, frozen=True, kw_only=True):
    """The listener was too slow; this many of its oldest notices were dropped."""

    count: int


Notice = (
    RunQueued
    | RunMoved
    | RunStarted
    | NodesCached
    | NodeStarted
    | NodeProgressed
    | NodePreviewed
    | PreviewChanged
    | NodeFinished
    | RunFinished
    | FiringChanged
    | FileSighted
    | MomentsMissed
    | AutomationSwitched
    | AutomationsPaused
    | ConfigurationReloaded
    | ConfigurationRefused
    | PackMessageSent
    | WorkerChanged
    | DeliveryEnded
    | OutputsChanged
    | HistoryPruned
    | NoticesLost
)


_WITH_CONTENTS = (PackMessageSent, NodePreviewed)  # as a union it would be made anew each time
Filter = Callable[[Notice], bool]


class Subscription:
    """One listener's bounded queue.

    `only` says which notices it is about. `_charged` is what waiting pictures and messages of packs
    take of `CONTENT_BYTES`. There may be as many and as large ones as nodes like; so they are lost
    first, and push out no other notice.
    """

    def __init__(
        self, limit: int, *, with_contents: bool = False, only: Filter | None = None
    ) -> None:
        self._waiting: deque[Notice] = deque()
        self._limit = limit
        self._only = only
        self._with_contents = with_contents
        self._charged = 0
        self._lost = 0
        self._arrived = asyncio.Event()

    def offer(self, notice: Notice) -> None:
        if self._only is not None and not self._only(notice):
            return
        if isinstance(notice, _WITH_CONTENTS) and not self._has_room(notice):
            return
        if len(self._waiting) >= self._limit:
            self._next()
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
                yield self._next()
            self._arrived.clear()

    def _has_room(self, notice: PackMessageSent | NodePreviewed) -> bool:
        if not self._with_contents or self._is_stale(notice):
            return False
        is_too_much = self._charged and self._charged + _charge(notice) > CONTENT_BYTES
        if is_too_much or len(self._waiting) >= self._limit:
            self._lost += 1
            return False
        self._charged += _charge(notice)
        return True

    def _is_stale(self, notice: Notice) -> bool:
        """Who does not keep up is not told of a preview while another one waits."""
        return (
            isinstance(notice, NodePreviewed)
            and notice.may_be_missed
            and any(
                isinstance(waiting, NodePreviewed) and waiting.run.id == notice.run.id
                for waiting in self._waiting
            )
        )

    def _next(self) -> Notice:
        notice = self._waiting.popleft()
        if isinstance(notice, _WITH_CONTENTS):
            self._charged -= _charge(notice)
        return notice


class Listener(Protocol):
    """What the bus calls, in the middle of whatever made the notice."""

    def offer(self, notice: Notice) -> None:
        """Must be quick, and never raises."""


class Notices:
    """The bus: publish to all who listen."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()

    def publish(self, notice: Notice) -> None:
        """Hand `notice` to every listener; never waits."""
        for listener in self._listeners:
            listener.offer(notice)

    @contextmanager
    def attach(self, listener: Listener) -> Iterator[None]:
        """Have it called inside the block; for those who have many listeners of their own."""
        self._listeners.add(listener)
        try:
            yield
        finally:
            self._listeners.discard(listener)

    @contextmanager
    def subscribe(
        self, limit: int = 10_000, *, with_contents: bool = False, only: Filter | None = None
    ) -> Iterator[Subscription]:
        """Listen from now on; iterate the subscription with `async for`."""
        subscription = Subscription(limit, with_contents=with_contents, only=only)
        with self.attach(subscription):
            yield subscription


def _charge(notice: PackMessageSent | NodePreviewed) -> int:
    content = notice.payload if isinstance(notice, PackMessageSent) else notice.image
    return max(len(content), LEAST_CHARGE)
