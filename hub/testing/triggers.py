"""A trigger's surroundings in memory: what it observed is a list, its occurrences a dictionary."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import cast

from hub.clock import Clock
from hub.config.folders import Folders
from hub.errors import HubError
from hub.records.event import Event
from hub.records.occurrence import Occurrence, OccurrenceState
from hub.records.sighting import Sighting
from hub.triggers.base import InputStore, Ledger, Observation, Occurrences, Probe, Webhooks
from hub.triggers.webhook_registry import WebhookRegistry


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
    observations: list[Observation] = field(default_factory=list)
    reports: list[tuple[str, str]] = field(default_factory=list)
    next_times: tuple[datetime, ...] = ()
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
        if observation.key not in keys:
            self.observations.append(observation)
        await self.occurrences.settle(
            [row.scheduled_at for row in observation.settles], OccurrenceState.FIRED
        )
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

    async def reported(self, state: str) -> None:
        """Wait until the trigger reports that it is in this state."""
        while state not in [known for known, _ in self.reports]:
            self._changed.clear()
            await self._changed.wait()
