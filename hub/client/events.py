"""What happens to a run, as it is told while one watches (server-sent events)."""

from collections.abc import AsyncIterable, AsyncIterator
from typing import Any

import msgspec

from hub.client.records import Record, Run


class Event(Record, frozen=True, kw_only=True, tag_field="type", tag=True):
    """Something that happened to a run. An event that this version does not know is left out."""


class RunQueued(Event, frozen=True, kw_only=True):
    """The first of all events: the run is on the hub's disk."""

    run: Run


class RunHeldUp(Event, frozen=True, kw_only=True):
    """It waits, as no worker that might take it can start; it goes on once one can."""

    reason: str


class RunStarted(Event, frozen=True, kw_only=True):
    """A worker began an attempt."""

    run: Run


class NodeStarted(Event, frozen=True, kw_only=True):
    """A node is being carried out."""

    node: str


class NodeProgressed(Event, frozen=True, kw_only=True):
    """A node is so far: `value` of `maximum`."""

    node: str
    value: float
    maximum: float


class PreviewChanged(Event, frozen=True, kw_only=True):
    """There is a newer picture of what the run has so far, at `url` below the hub's address."""

    node: str
    url: str


class NodeFinished(Event, frozen=True, kw_only=True):
    """A node is done; `ui` is what it shows."""

    node: str
    ui: dict[str, Any] | None = None
    cached: bool = False


class RunFinished(Event, frozen=True, kw_only=True):
    """The last of all events: the run has ended, whichever way, and its outputs are there."""

    run: Run


AnyEvent = (
    RunQueued
    | RunHeldUp
    | RunStarted
    | NodeStarted
    | NodeProgressed
    | PreviewChanged
    | NodeFinished
    | RunFinished
)

_NAMES = {kind.__name__ for kind in AnyEvent.__args__}
_DECODER = msgspec.json.Decoder(AnyEvent)


async def events_in(lines: AsyncIterable[bytes]) -> AsyncIterator[AnyEvent]:
    """The events that the lines of an answer hold, those of unknown names left out."""
    name = ""
    async for line in lines:
        field, _, value = line.rstrip(b"\r\n").partition(b": ")
        if field == b"event":
            name = value.decode()
        elif field == b"data" and name in _NAMES:
            yield _DECODER.decode(value)
