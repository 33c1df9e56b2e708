"""`wait_for_trigger`: wait until one of several triggers fires."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from hub.automations.actions.base import (
    Action,
    Begun,
    FiringStopped,
    Known,
    Mistake,
    StepContext,
)
from hub.automations.actions.span import Span, seconds_of
from hub.automations.home_assistant import trigger_of_ours
from hub.automations.trigger import AnyTrigger
from hub.automations.waiting import Wait
from hub.clock import within
from hub.config.fields import OneOrMany, rewritten
from hub.records.event import Event
from hub.records.wait import ACTION
from hub.triggers.manual import ManualTrigger
from hub.triggers.shutdown import ShutdownTrigger
from hub.triggers.startup import StartupTrigger

_NEVER = {
    ManualTrigger: "firing by hand begins a firing of its own. Wait for a `webhook` instead",
    StartupTrigger: "a step is not waiting yet while the hub starts",
    ShutdownTrigger: "a step that waits rests when the hub stops, and goes on when it starts",
}


class WaitForTrigger(Action, frozen=True, kw_only=True, tag_field="action", tag=ACTION):
    """Wait until a trigger fires. Later steps see `wait.trigger`, `wait.completed` and
    `wait.remaining`."""

    kind: ClassVar[str] = ACTION

    wait_for_trigger: Annotated[
        OneOrMany[Annotated[AnyTrigger, rewritten(trigger_of_ours)]],
        Meta(description="The triggers; the first that fires ends the wait.", min_length=1),
    ]
    timeout: Annotated[
        Span | None, Meta(description="How long to wait at most. Left out: for ever.")
    ] = None
    continue_on_timeout: Annotated[
        bool, Meta(description="False ends the firing when the time is up.")
    ] = True

    def mistakes(self, known: Known) -> Iterator[Mistake]:
        for index, trigger in enumerate(self.wait_for_trigger):
            way = ("wait_for_trigger", index)
            if why := _NEVER.get(type(trigger)):
                message = f"wait_for_trigger cannot wait for a {trigger.kind} trigger: {why}"
                yield Mistake(way=way, message=message, value=trigger.kind)
            if trigger.variables:
                message = (
                    "a trigger of wait_for_trigger sets no variables: set them in a step after it"
                )
                yield Mistake(way=(*way, "variables"), message=message, value="variables")

    async def begin(self, step: StepContext) -> Begun:
        if self.timeout is None:
            return Begun()
        limit = timedelta(seconds=await seconds_of(self.timeout, step))
        return Begun(note=(step.means.clock.now() + limit).isoformat())

    async def finish(self, step: StepContext) -> Any:
        waiting, wait = step.means.waiting, self._wait(step)
        until = None if step.note is None else datetime.fromisoformat(step.note)
        event = await waiting.observed(wait)
        if event is None and _rest(until, step) != 0:
            event = await self._next(wait, until, step)
        await waiting.forget(wait)
        if event is None and not self.continue_on_timeout:
            raise FiringStopped("The time to wait for a trigger was up.")
        return {
            "completed": event is not None,
            "trigger": event and {**event.variables, "platform": event.platform},
            "remaining": _rest(until, step) if event else until and 0.0,
            "event": event and event.id,
        }

    async def _next(self, wait: Wait, until: datetime | None, step: StepContext) -> Event | None:
        waiting = step.means.waiting
        if (rest := _rest(until, step)) is None:
            return await waiting.next(wait)
        try:
            return await within(step.means.clock, rest, waiting.next(wait))
        except TimeoutError:
            return await waiting.observed(wait)  # it may have come in that very moment

    def _wait(self, step: StepContext) -> Wait:
        return Wait(
            automation=step.event.automation,
            firing=step.firing,
            step=step.key,
            triggers=self.wait_for_trigger,
        )

    def assigned(self, result: Any) -> dict[str, Any]:
        return {"wait": result, **super().assigned(result)}


def _rest(until: datetime | None, step: StepContext) -> float | None:
    """How many seconds are left; None for any number."""
    return None if until is None else max(0.0, (until - step.means.clock.now()).total_seconds())
