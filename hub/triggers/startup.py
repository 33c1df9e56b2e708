"""The startup trigger: once each time the hub starts."""

import asyncio
from typing import Any, ClassVar

from hub.triggers.base import Observation, TriggerContext
from hub.triggers.settings import TriggerSettings


class StartupTrigger(
    TriggerSettings,
    frozen=True,
    kw_only=True,
    tag_field="trigger",
    tag="startup",
    forbid_unknown_fields=True,
):
    """Fires when the hub has started. An automation that is added or switched on later has missed
    it."""

    kind: ClassVar[str] = "startup"

    async def watch(self, context: TriggerContext) -> None:
        if context.life.is_starting:
            await context.accept(Observation(key=context.life.boot, variables=self.sample()))
        context.report("watching", "Fires at the next start.")
        await asyncio.Event().wait()

    def sample(self) -> dict[str, Any]:
        return {"event": "start"}
