"""The hub's own life, for triggers that are about its beginning or its end."""

import asyncio
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from hub.records.event import Event


@dataclass(slots=True)
class Farewell:
    """What one trigger does when the hub stops: it waits for `begun`, makes its `event`, and says
    that it is `done`."""

    begun: asyncio.Event
    event: Event | None = None
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Life:
    """One start of a hub, which `boot` tells from every other.

    State: `is_starting` until every trigger has begun to watch; `_stopping`, and the farewells
    that are to be waited for then.
    """

    def __init__(self) -> None:
        self.boot = str(uuid.uuid4())
        self.is_starting = True
        self._stopping = asyncio.Event()
        self._farewells: list[Farewell] = []

    @contextmanager
    def farewell(self) -> Iterator[Farewell]:
        """Take part in the end, for as long as the block lasts."""
        farewell = Farewell(self._stopping)
        self._farewells.append(farewell)
        try:
            yield farewell
        finally:
            self._farewells.remove(farewell)
            farewell.done.set()

    async def stop(self) -> list[Event]:
        """The events of all who take part, once they are on disk."""
        self._stopping.set()
        farewells = list(self._farewells)
        for farewell in farewells:
            await farewell.done.wait()
        return [farewell.event for farewell in farewells if farewell.event is not None]
