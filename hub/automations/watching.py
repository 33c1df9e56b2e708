"""What one trigger of one automation is given to work with."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hub.clock import Clock
from hub.config.folders import Folders
from hub.notices import FileSighted, Notices
from hub.records.event import Event
from hub.records.sighting import Sighting
from hub.storage.disk_space import DiskSpace
from hub.storage.events import Events
from hub.triggers.base import InputStore, Ledger, Observation, Occurrences, Probe, Webhooks


@dataclass(kw_only=True, slots=True)
class Watch:
    """Implements `hub.triggers.base.TriggerContext`.

    `state`, `reason` and `next_times` are what the trigger last reported. `offer` is called with
    each new event, once it is on disk.
    """

    automation: str
    trigger: str
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
                "id": self.trigger,
                "idx": str(self.index),
                "alias": self.alias,
            },
        )
        accepted, new = await self.events.accept(
            event, sighting=observation.sighting, settles=observation.settles
        )
        if new:
            self.offer(accepted)
        return accepted

    def report(self, state: str, reason: str, next_times: Sequence[datetime] = ()) -> None:
        self.state, self.reason, self.next_times = state, reason, tuple(next_times)

    def sighted(self, sighting: Sighting) -> None:
        self.notices.publish(
            FileSighted(
                automation=self.automation,
                path=str(sighting.path),
                state=sighting.state.value,
                reason=sighting.reason,
            )
        )
