"""`trigger`: which of the automation's triggers it was."""

from typing import Annotated, ClassVar

from msgspec import Meta

from hub.automations.conditions.base import Condition, Ruling, Situation
from hub.config.fields import OneOrMany


class TriggerCondition(Condition, frozen=True, kw_only=True, tag_field="condition", tag="trigger"):
    """The event came from one of these triggers."""

    kind: ClassVar[str] = "trigger"

    id: Annotated[OneOrMany[str], Meta(description="Ids of triggers, or their places from 0.")]

    async def judge(self, situation: Situation) -> Ruling:
        event = situation.event
        trigger = event.variables.get("id", event.trigger)
        details = f"the trigger is {trigger!r}, {' or '.join(map(repr, self.id))} wanted"
        return Ruling(holds=trigger in self.id, details=details)
