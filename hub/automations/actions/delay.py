"""`delay`: wait for a while. A restart does not begin it anew."""

from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from hub.automations.actions.base import Action, Begun, StepContext
from hub.automations.actions.span import Span, seconds_of


class Delay(Action, frozen=True, kw_only=True, tag_field="action", tag="delay"):
    """Wait for a while before the next step."""

    kind: ClassVar[str] = "delay"

    delay: Annotated[Span, Meta(description="How long, such as 30s, or a template.")]

    async def begin(self, step: StepContext) -> Begun:
        until = step.means.clock.now() + timedelta(seconds=await seconds_of(self.delay, step))
        return Begun(note=until.isoformat())

    async def finish(self, step: StepContext) -> Any:
        clock, until = step.means.clock, datetime.fromisoformat(step.note)
        while (rest := (until - clock.now()).total_seconds()) > 0:
            await clock.sleep(rest)
