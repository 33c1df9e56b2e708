"""The shutdown trigger: when the hub is asked to stop."""

import asyncio
from typing import Any, ClassVar

from hub.triggers.base import Observation, TriggerContext
from hub.triggers.settings import TriggerSettings


class ShutdownTrigger(
    TriggerSettings,
    frozen=True,
    kw_only=True,
    tag_field="trigger",
    tag="shutdown",
    forbid_unknown_fields=True,
):
    """Fires before the hub stops, which waits a little for what it starts. What takes longer goes
    on after the next start. A hub that is killed or loses power fires nothing."""

    kind: ClassVar[str] = "shutdown"

    async def watch(self, context: TriggerContext) -> None:
        with context.life.farewell() as farewell:
            context.report("watching", "Fires when the hub is asked to stop.")
            await farewell.begun.wait()
            observation = Observation(key=context.life.boot, variables=self.sample())
            farewell.event = await context.accept(observation)
            farewell.done.set()
            await asyncio.Event().wait()

    def sample(self) -> dict[str, Any]:
        return {"event": "shutdown"}
