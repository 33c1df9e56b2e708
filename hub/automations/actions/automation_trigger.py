"""`automation.trigger`: fire other automations."""

from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from hub.automations.actions.automation_target import AutomationTarget
from hub.automations.actions.base import Action, StepContext
from hub.errors import HubError, Invalid
from hub.records.event import AWAITED_BY, MANUAL, SKIPS_CONDITIONS, Event
from hub.records.firing import FiringState, firing_id


class TriggerData(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `automation.trigger` takes."""

    skip_condition: Annotated[
        bool, Meta(description="Whether the other automation's conditions are left out.")
    ] = True
    variables: Annotated[
        dict[str, Any],
        Meta(description="What the other automation's templates see as `trigger`; templates."),
    ] = {}
    wait: Annotated[
        bool, Meta(description="True goes on when they are done, with what came of it.")
    ] = False


class WaitsInCircle(Invalid):
    """An automation would wait for a firing of its own, perhaps by way of others.

    `way` are the automations, each of which waits for the next, and the last for the first.
    """

    def __init__(self, way: list[str]) -> None:
        others = ", which waits for ".join(map(repr, way)) if len(way) > 1 else "itself"
        super().__init__(f"The automation {way[-1]!r} would wait for {others}: leave out `wait`.")


class OtherFailed(HubError):
    """The automation that a step waited for did not do what it should."""

    def __init__(self, automation: str, report: dict[str, Any]) -> None:
        super().__init__(f"The automation {automation!r} failed: {report['reason']}")


class AutomationTrigger(
    Action, frozen=True, kw_only=True, tag_field="action", tag="automation.trigger"
):
    """Fire other automations by an event of their own."""

    kind: ClassVar[str] = "automation.trigger"

    target: Annotated[AutomationTarget, Meta(description="Which automations.")]
    data: TriggerData = TriggerData()

    async def finish(self, step: StepContext) -> Any:
        variables = await step.render(self.data.variables, native=True)
        if self.data.skip_condition:
            variables = {**variables, SKIPS_CONDITIONS: True}
        names = await self.target.ids(step)
        if self.data.wait:
            variables = {**variables, AWAITED_BY: _waiting(step.event, names)}
        # The key makes it the same event if this is carried out again after a crash.
        events = [
            await step.means.automations.trigger(name, variables, key=f"{step.firing}/{step.key}")
            for name in names
        ]
        fired = {"firings": [firing_id(event) for event in events]}
        return {**fired, **await self._awaited(events, step)} if self.data.wait else fired

    async def _awaited(self, events: list[Event], step: StepContext) -> dict[str, Any]:
        """What came of them. Raises `OtherFailed` for the first that failed."""
        reports = []
        for event in events:
            report = (await step.means.outcomes.of(event)).report
            if report["state"] == FiringState.FAILED:
                raise OtherFailed(event.automation, report)
            reports.append(report)
        outputs = [output for report in reports for output in report["outputs"]]
        return {"results": reports, "outputs": outputs, "response": reports[0]["response"]}


def _waiting(event: Event, names: list[str]) -> list[str]:
    """The automations that will wait, first to last, for what comes of those with these names.
    Raises `WaitsInCircle`."""
    known = event.variables.get(AWAITED_BY) if event.platform == MANUAL else None
    waiting = [*(known if isinstance(known, list) else ()), event.automation]
    for name in names:
        if name in waiting:
            raise WaitsInCircle(waiting[waiting.index(name) :])
    return waiting
