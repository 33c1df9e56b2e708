"""The queue_idle trigger: when no run waited or was carried out for a while."""

from datetime import timedelta
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from hub.clock import within
from hub.records.firing import firing_id
from hub.triggers.base import Observation, TriggerContext
from hub.triggers.settings import TriggerSettings


class QueueIdleTrigger(
    TriggerSettings,
    frozen=True,
    kw_only=True,
    tag_field="trigger",
    tag="queue_idle",
    forbid_unknown_fields=True,
):
    """Fires once each time that the queue has been empty for so long. The runs that it started
    itself do not end an idle period: else it would go on for ever."""

    kind: ClassVar[str] = "queue_idle"

    for_: Annotated[
        timedelta, Meta(description="For how long nothing must have been waiting or running.")
    ] = msgspec.field(default=timedelta(minutes=5), name="for")

    def __post_init__(self) -> None:
        if self.for_ < timedelta(seconds=1):
            raise ValueError("`for` must be at least one second.")

    async def watch(self, context: TriggerContext) -> None:
        context.report("watching", "Waits for the queue to be idle.")
        while True:
            await context.queue.until_empty()
            idle_since = context.clock.now()
            if not await self._stays_empty(context):
                continue
            moment = idle_since.isoformat()
            variables = {"idle_since": moment, "for": self.for_.total_seconds()}
            event = await context.accept(Observation(key=moment, variables=variables))
            await context.queue.until_filled(besides=firing_id(event))

    def sample(self) -> dict[str, Any]:
        return {"idle_since": "2026-01-15T03:00:00+00:00", "for": self.for_.total_seconds()}

    async def _stays_empty(self, context: TriggerContext) -> bool:
        """Whether nothing comes for so long."""
        seconds = self.for_.total_seconds()
        try:
            await within(context.clock, seconds, context.queue.until_filled())
        except TimeoutError:
            return True
        return False
