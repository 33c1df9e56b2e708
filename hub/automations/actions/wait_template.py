"""`wait_template`: wait until a template says yes."""

from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from hub.automations.actions.base import Action, Begun, FiringStopped, StepContext
from hub.automations.actions.span import Span, seconds_of
from hub.automations.conditions.template import means_yes

_LOOKED_AT_EVERY = 1.0  # seconds


class WaitTemplate(Action, frozen=True, kw_only=True, tag_field="action", tag="wait_template"):
    """Wait until a template says yes. Later steps see `wait.completed` and `wait.remaining`."""

    kind: ClassVar[str] = "wait_template"

    wait_template: Annotated[str, Meta(description="The template; it is looked at every second.")]
    timeout: Annotated[
        Span | None, Meta(description="How long to wait at most. Left out: for ever.")
    ] = None
    continue_on_timeout: Annotated[
        bool, Meta(description="False ends the firing when the time is up.")
    ] = True

    async def begin(self, step: StepContext) -> Begun:
        if self.timeout is None:
            return Begun()
        limit = timedelta(seconds=await seconds_of(self.timeout, step))
        return Begun(note=(step.means.clock.now() + limit).isoformat())

    async def finish(self, step: StepContext) -> Any:
        clock = step.means.clock
        until = None if step.note is None else datetime.fromisoformat(step.note)
        while True:
            is_done = means_yes(await step.render(self.wait_template, native=True))
            rest = None if until is None else max(0.0, (until - clock.now()).total_seconds())
            if is_done or rest == 0:
                break
            await clock.sleep(_LOOKED_AT_EVERY if rest is None else min(_LOOKED_AT_EVERY, rest))
        if not is_done and not self.continue_on_timeout:
            raise FiringStopped("The time to wait for the template was up.")
        return {"completed": is_done, "remaining": rest}

    def assigned(self, result: Any) -> dict[str, Any]:
        return {"wait": result, **super().assigned(result)}
