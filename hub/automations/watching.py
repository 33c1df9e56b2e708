"""What one trigger of one automation is given to work with."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from hub.automations.trigger import AnyTrigger
from hub.clock import Clock
from hub.config.folders import Folders
from hub.notices import FileSighted, MomentsMissed, Notices
from hub.records.event import Event
from hub.records.sighting import Sighting
from hub.storage.disk_space import DiskSpace
from hub.storage.events import Events
from hub.triggers.base import (
    EndedRuns,
    InputStore,
    Ledger,
    Observation,
    Occurrences,
    Outcomes,
    Probe,
    Queue,
    Webhooks,
)
from hub.triggers.life import Life


@dataclass(kw_only=True, slots=True)
class Watch:
    """Implements `hub.triggers.base.TriggerContext`.

    `trigger` is the name by which it is known on the disk, `id` what templates see, `index` its
    place among the others. `state`, `reason` and `next_times` are what it last reported. `offer` is
    called with each new event, once that is on disk.
    """

    automation: str
    trigger: str
    id: str
    index: int
    kind: str
    alias: str
    clock: Clock
    folders: Folders
    probe: Probe
    inputs: InputStore
    ledger: Ledger
    occurrences: Occurrences
    webhooks: Webhooks
    life: Life
    queue: Queue
    runs: EndedRuns
    outcomes: Outcomes
    events: Events
    disk_space: DiskSpace
    notices: Notices
    offer: Callable[[Event], None]
    state: str = field(default="starting")
    reason: str = field(default="")
    next_times: tuple[datetime, ...] = field(default=())

    async def accept(self, observation: Observation) -> Event:
        """Raises `DiskNearlyFull` while there is too little space to keep what would follow."""
        self.disk_space.check()
        event = Event(
            id=str(uuid.uuid4()),
            automation=self.automation,
            trigger=self.trigger,
            platform=self.kind,
            key=observation.key,
            observed_at=self.clock.now(),
            variables={
                **observation.variables,
                "id": self.id,
                "idx": str(self.index),
                "alias": self.alias,
                "description": self.kind.replace("_", " "),
            },
        )
        accepted, new = await self.events.accept(
            event, sightings=observation.sightings, settles=observation.settles
        )
        if new:
            self.offer(accepted)
        return accepted

    async def past_events(self, limit: int) -> list[Event]:
        return await self.events.of_trigger(self.automation, self.trigger, limit)

    def check_space(self) -> None:
        self.disk_space.check()

    def report(self, state: str, reason: str, next_times: Sequence[datetime] = ()) -> None:
        self.state, self.reason, self.next_times = state, reason, tuple(next_times)

    @property
    def trouble(self) -> str:
        """What keeps it from watching, as a sentence; empty if nothing does."""
        if self.state not in ("failed", "unavailable"):
            return ""
        return f"Its trigger {self.id!r} is {self.state}: {self.reason}"

    def sighted(self, sighting: Sighting) -> None:
        self.notices.publish(
            FileSighted(
                automation=self.automation,
                path=str(sighting.path),
                state=sighting.state.value,
                reason=sighting.reason,
            )
        )

    def missed(self, moments: Sequence[datetime]) -> None:
        self.notices.publish(
            MomentsMissed(automation=self.automation, count=len(moments), latest=max(moments))
        )


class MakeWatch(Protocol):
    """Equips a trigger of an automation. `name` is the one by which it is known on the disk."""

    def __call__(
        self,
        *,
        automation: str,
        trigger: AnyTrigger,
        name: str,
        index: int,
        offer: Callable[[Event], None],
    ) -> Watch: ...
