"""A trigger's surroundings in memory: what it observed is a list, its occurrences a dictionary."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import jinja2

from hub.clock import Clock
from hub.config.folders import Folders
from hub.errors import HubError
from hub.records.event import Event
from hub.records.occurrence import Occurrence, OccurrenceState
from hub.records.run import Run
from hub.records.sighting import Sighting
from hub.triggers.base import (
    EndedRuns,
    InputStore,
    Ledger,
    Observation,
    Occurrences,
    Outcome,
    Outcomes,
    Probe,
    Queue,
    Webhooks,
)
from hub.triggers.life import Life
from hub.triggers.webhook_registry import WebhookRegistry


class EmptyQueue:
    """A queue that stays as it is until a test says so: empty, or after `fill` not."""

    def __init__(self) -> None:
        self.firings: list[str | None] = []
        self._changed = asyncio.Event()

    def fill(self, firing: str | None = None) -> None:
        self.firings.append(firing)
        self._tell()

    def empty(self) -> None:
        self.firings.clear()
        self._tell()

    async def until_empty(self) -> None:
        while self.firings:
            await self._changed.wait()

    async def until_filled(self, *, besides: str | None = None) -> None:
        while not any(besides is None or firing != besides for firing in self.firings):
            await self._changed.wait()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


class MemoryRuns:
    """Runs that a test ends. Those that are `missed` are told by nobody, but found."""

    def __init__(self) -> None:
        self.ended: list[Run] = []
        self.open_numbers: list[int] = []
        self._arriving: asyncio.Queue[Run | None] = asyncio.Queue()

    def end(self, run: Run, *, missed: bool = False) -> None:
        self.ended.append(run)
        if not missed:
            self._arriving.put_nowait(run)

    def lose(self) -> None:
        """Some notices were lost."""
        self._arriving.put_nowait(None)

    @contextmanager
    def arriving(self) -> Iterator[AsyncIterator[Run | None]]:
        yield self._each()

    async def _each(self) -> AsyncIterator[Run | None]:
        while True:
            yield await self._arriving.get()

    async def all_ended_below(self) -> int:
        last = max([run.number for run in self.ended], default=0)
        return min(self.open_numbers, default=last + 1)

    async def without_event(self, since: datetime, floor: int) -> list[Run]:
        return [
            run
            for run in self.ended
            if run.number >= floor and run.ended_at is not None and run.ended_at >= since
        ]

    async def outputs_of(self, run: Run) -> list[dict[str, Any]]:
        return []


class MemoryOutcomes:
    """What comes of events: the same of each, once `ready` is set."""

    def __init__(self) -> None:
        self.outcome = Outcome(report={"state": "succeeded", "outputs": []}, output=None)
        self.ready = asyncio.Event()

    async def of(self, event: Event) -> Outcome:
        await self.ready.wait()
        return self.outcome

    @contextmanager
    def told(self, event: Event) -> Iterator[AsyncIterator[dict[str, Any]]]:
        yield self._tell(event)

    async def _tell(self, event: Event) -> AsyncIterator[dict[str, Any]]:
        yield {"type": "accepted", "event": event.id}
        await self.ready.wait()
        yield {"type": "ended", **self.outcome.report}

    async def render(self, template: str, variables: dict[str, Any]) -> str:
        environment = jinja2.Environment(undefined=jinja2.StrictUndefined)  # noqa: S701 - no HTML
        return environment.from_string(template).render(variables)


class MemoryOccurrences:
    """The rows of one schedule trigger."""

    def __init__(self) -> None:
        self.states: dict[datetime, OccurrenceState] = {}

    async def due(self) -> list[Occurrence]:
        return [
            Occurrence(automation="test", trigger="0", scheduled_at=moment, state=state)
            for moment, state in sorted(self.states.items())
            if state is OccurrenceState.DUE
        ]

    async def last(self) -> datetime | None:
        return max(self.states, default=None)

    async def add(self, moments: list[datetime]) -> None:
        for moment in moments:
            if self.states.get(moment) in (None, OccurrenceState.CANCELLED):
                self.states[moment] = OccurrenceState.DUE

    async def settle(self, moments: list[datetime], state: OccurrenceState) -> None:
        self.states.update(dict.fromkeys(moments, state))


@dataclass(kw_only=True)
class RecordingContext:
    """What a trigger that watches no files needs; everything it observes is kept.

    `failure` makes `accept` raise, as a full disk would.
    """

    clock: Clock
    automation: str = "test"
    folders: Folders = field(
        default_factory=lambda: Folders(config=Path("config"), data=Path("data"))
    )
    occurrences: Occurrences = field(default_factory=MemoryOccurrences)
    webhooks: Webhooks = field(default_factory=WebhookRegistry)
    life: Life = field(default_factory=Life)
    queue: Queue = field(default_factory=EmptyQueue)
    runs: EndedRuns = field(default_factory=MemoryRuns)
    outcomes: Outcomes = field(default_factory=MemoryOutcomes)
    events: list[Event] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    reports: list[tuple[str, str]] = field(default_factory=list)
    next_times: tuple[datetime, ...] = ()
    given_up: list[datetime] = field(default_factory=list)
    failure: HubError | None = None
    # Files are for other contexts: a trigger that asks for these here is in the wrong test.
    probe: Probe = field(default_factory=lambda: cast(Probe, None))
    inputs: InputStore = field(default_factory=lambda: cast(InputStore, None))
    ledger: Ledger = field(default_factory=lambda: cast(Ledger, None))
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def accept(self, observation: Observation) -> Event:
        if self.failure is not None:
            raise self.failure
        keys = [earlier.key for earlier in self.observations]
        event = self._event(observation)
        if observation.key not in keys:
            self.observations.append(observation)
            self.events.append(event)
        await self.occurrences.settle(
            [row.scheduled_at for row in observation.settles], OccurrenceState.FIRED
        )
        return event

    async def past_events(self, limit: int) -> list[Event]:
        return self.events[::-1][:limit]

    def check_space(self) -> None:
        if self.failure is not None:
            raise self.failure

    def _event(self, observation: Observation) -> Event:
        return Event(
            id=f"event-{observation.key}",
            automation=self.automation,
            trigger="0",
            platform="test",
            key=observation.key,
            observed_at=self.clock.now(),
            variables=observation.variables,
        )

    def report(self, state: str, reason: str, next_times: Sequence[datetime] = ()) -> None:
        self.reports.append((state, reason))
        self.next_times = tuple(next_times)
        self._changed.set()

    def sighted(self, sighting: Sighting) -> None:
        """Nobody listens."""

    def missed(self, moments: Sequence[datetime]) -> None:
        self.given_up += moments

    async def reported(self, state: str) -> None:
        """Wait until the trigger reports that it is in this state."""
        while state not in [known for known, _ in self.reports]:
            self._changed.clear()
            await self._changed.wait()
