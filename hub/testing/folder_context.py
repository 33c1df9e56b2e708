"""A folder trigger's surroundings in memory: the ledger is a dictionary, events are a list."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from hub.clock import Clock
from hub.config.folders import Folders
from hub.records.event import Event
from hub.records.sighting import Past, Sighting, SightingState
from hub.testing.clock import ScriptedClock
from hub.testing.triggers import EmptyQueue, MemoryOccurrences, MemoryOutcomes, MemoryRuns
from hub.triggers.base import InputStore, Observation, Occurrences, Probe, Webhooks
from hub.triggers.life import Life
from hub.triggers.webhook_registry import WebhookRegistry

_PATIENCE = 300  # seconds of real time; only what hangs takes so long, also beside other tests


class MemoryLedger:
    """What one trigger remembers. `own` are files that the hub itself put somewhere, `moved` the
    events whose files it moved away."""

    def __init__(self) -> None:
        self.rows: dict[Path, Sighting] = {}
        self.closed: list[Sighting] = []
        self.own: set[tuple[Path, str]] = set()
        self.moved: set[str] = set()
        self.kept: dict[str, Any] = {}

    async def open_sightings(self) -> dict[Path, Sighting]:
        return dict(self.rows)

    async def record(self, sightings: list[Sighting]) -> None:
        paths = {sighting.path for sighting in sightings}
        self.closed = [row for row in self.closed if row.path not in paths]
        self.rows.update({sighting.path: sighting for sighting in sightings})

    async def close(self, paths: list[Path]) -> None:
        self.closed += [self.rows.pop(path) for path in paths if path in self.rows]

    async def past_of(self, path: Path, sha256: str) -> Past:
        events = (
            row.event
            for row in (*self.rows.values(), *self.closed)
            if row.sha256 == sha256
            and row.state in (SightingState.ADMITTED, SightingState.DUPLICATE)
        )
        unopened = (
            row
            for row in self.closed
            if row.path == path and row.state is SightingState.LEFT_ALONE and row.sha256 is None
        )
        return Past(
            is_own=(path, sha256) in self.own,
            event=next(events, None),
            unopened=next(unopened, None),
        )

    async def moved_source_of(self, event: str) -> bool:
        return event in self.moved

    async def state(self) -> dict[str, Any]:
        return dict(self.kept)

    async def remember(self, state: dict[str, Any]) -> None:
        self.kept = state


@dataclass(kw_only=True)
class MemoryTriggerContext:
    """What the hub offers to one folder trigger. What it observes is kept by key in `events`."""

    clock: Clock
    folders: Folders
    probe: Probe
    inputs: InputStore
    automation: str = "test"
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    occurrences: Occurrences = field(default_factory=MemoryOccurrences)
    webhooks: Webhooks = field(default_factory=WebhookRegistry)
    life: Life = field(default_factory=Life)
    queue: EmptyQueue = field(default_factory=EmptyQueue)
    runs: MemoryRuns = field(default_factory=MemoryRuns)
    outcomes: MemoryOutcomes = field(default_factory=MemoryOutcomes)
    events: dict[str, Event] = field(default_factory=dict)
    reports: list[tuple[str, str]] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)

    async def accept(self, observation: Observation) -> Event:
        event = self.events.get(observation.key) or Event(
            id=f"event-{len(self.events)}",
            automation=self.automation,
            trigger="0",
            platform="folder",
            key=observation.key,
            observed_at=self.clock.now(),
            variables=observation.variables,
        )
        self.events[observation.key] = event
        rows = [replace(sighting, event=event.id) for sighting in observation.sightings]
        await self.ledger.record(rows)
        return event

    async def past_events(self, limit: int) -> list[Event]:
        return list(self.events.values())[::-1][:limit]

    def check_space(self) -> None:
        """There is always room."""

    def report(self, state: str, reason: str, next_times: Sequence[datetime] = ()) -> None:
        self.reports.append((state, reason))

    def sighted(self, sighting: Sighting) -> None:
        self.sightings.append(sighting)

    def seen(self) -> list[tuple[str, str]]:
        """What happened to which file, in the order of acceptance."""
        every = (event.variables for event in self.events.values())
        return [(variables["event_type"], variables["relative_path"]) for variables in every]

    def state_of(self, path: Path) -> SightingState | None:
        """How the file was last judged; None if it was not, or is gone."""
        row = self.ledger.rows.get(path)
        return row.state if row else None

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for what threads, processes and the kernel take their own time to bring about."""
        async with asyncio.timeout(_PATIENCE):
            while not condition():  # noqa: ASYNC110 - files and processes set no event
                await asyncio.sleep(0.001)

    async def pass_time_until(self, condition: Callable[[], object], *, step: float = 0.5) -> None:
        """The same, while `step` seconds of a scripted clock pass with every look."""
        assert isinstance(self.clock, ScriptedClock)
        async with asyncio.timeout(_PATIENCE):
            while not condition():
                await self.clock.advance(step)
                await asyncio.sleep(0.002)
