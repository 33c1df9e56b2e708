"""Who listens at ComfyUI's WebSocket: clients by their names.

There may be hundreds. So what concerns one of them is brought to it and not shown to the others,
and what all of them are told is written once.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from itertools import chain

from aiohttp import web

from hub.clock import Clock
from hub.notices import (
    NodeFinished,
    NodePreviewed,
    NodeProgressed,
    NodesCached,
    NodeStarted,
    Notice,
    Notices,
    PackMessageSent,
    RunFinished,
    RunQueued,
    RunStarted,
    Subscription,
)
from hub.records.run import Origin, Run
from hub.web.comfy_messages import messages_for_all, status
from hub.web.comfy_progress import ProgressStates
from hub.web.json_text import to_json

OfRuns = (
    RunQueued
    | RunStarted
    | NodesCached
    | NodeStarted
    | NodeProgressed
    | NodePreviewed
    | NodeFinished
    | RunFinished
)
LIMIT = 5000
PAUSE = 0.25  # seconds between two words on how many runs of others are left


AUDIENCE = web.AppKey["Audience"]("audience")


class Audience:
    """Brings notices to the clients that they concern.

    State: `_heard_of` are the clients (None for nobody) whose runs went on since all were last told
    how many are left. That was for the `_count`th time, in `_message`, because of the runs of
    `_cause`; `_told` wakes those who wait for it, each time another event. `_states` is how far the
    runs of nobody are, of which everybody hears.
    """

    def __init__(self, notices: Notices, clock: Clock, remaining: Callable[[], int]) -> None:
        self._notices = notices
        self._clock = clock
        self._remaining = remaining
        self._listeners: dict[str, set[Subscription]] = {}
        self._states = ProgressStates(clock)
        self._heard_of: set[str | None] = set()
        self._news = asyncio.Event()
        self._count = 0
        self._message = b""
        self._cause: set[str | None] = set()
        self._told = asyncio.Event()

    @contextmanager
    def listen(self, client: str) -> Iterator[Subscription]:
        """What concerns the client, from now on."""
        listener = Subscription(LIMIT, with_contents=True)
        listeners = self._listeners.setdefault(client, set())
        listeners.add(listener)
        try:
            yield listener
        finally:
            listeners.discard(listener)
            if not listeners:
                del self._listeners[client]

    async def words_on_others(self, client: str) -> AsyncGenerator[bytes]:
        """How many runs are left, whenever something happened to those of others; for ever. Who
        does not keep up hears the latest only."""
        heard = self._count
        while True:
            if heard == self._count:
                await self._told.wait()
            has_missed = self._count - heard > 1
            heard = self._count
            if has_missed or self._cause - {client}:
                yield self._message

    async def serve(self) -> None:
        """Listen to the bus, and tell now and then while there is news how many runs are left;
        until cancelled."""
        with self._notices.attach(self):
            while True:
                await self._news.wait()
                self._news.clear()
                self._cause, self._heard_of = self._heard_of, set()
                self._message = to_json(status(self._remaining()))
                self._count += 1
                told, self._told = self._told, asyncio.Event()
                told.set()
                await self._clock.sleep(PAUSE)

    def offer(self, notice: Notice) -> None:
        """What the bus calls. Runs of automations and of the hub's own API concern nobody here."""
        if isinstance(notice, OfRuns) and notice.run.origin is not Origin.PROMPT:
            return
        match notice:
            case PackMessageSent(client=client):
                self._bring(notice, client)
            case NodePreviewed(run=run):
                self._bring(notice, run.client)
            case RunQueued(run=run) | RunStarted(run=run) | RunFinished(run=run):
                self._heard_of.add(run.client)
                self._news.set()
                self._bring_of_run(notice, run)
            case NodesCached() | NodeStarted() | NodeProgressed() | NodeFinished():
                self._bring_of_run(notice, notice.run)

    def _bring_of_run(self, notice: Notice, run: Run) -> None:
        if run.client is not None:
            self._bring(notice, run.client)
            return
        for message in messages_for_all(notice, self._states):
            said = PackMessageSent(payload=to_json(message), binary=False, client=None)
            self._bring(said, None)  # as what packs say, which is written already, too

    def _bring(self, notice: Notice, client: str | None) -> None:
        to = self._listeners.values() if client is None else [self._listeners.get(client, ())]
        for listener in chain.from_iterable(to):
            listener.offer(notice)


async def serve_audience(app: web.Application) -> AsyncIterator[None]:
    """While the server runs."""
    serving = asyncio.create_task(app[AUDIENCE].serve(), name="audience")
    yield
    serving.cancel()
    await asyncio.wait([serving])
