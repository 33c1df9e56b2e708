"""Judging an event before anything is done: the automation's variables, then its conditions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.automations.actions.base import Means
from hub.automations.automation import Automation
from hub.automations.conditions.base import Condition
from hub.automations.conditions.verdicts import reason_of, verdicts
from hub.automations.parts import definition_for
from hub.errors import HubError, Invalid
from hub.records.event import MANUAL, SKIPS_CONDITIONS, Event
from hub.records.firing import Verdict, firing_id
from hub.unexpected import understood


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """An event with what was found: its rendered variables, a verdict for each condition, and the
    key by which the mode counts.

    `reason` says why it goes no further; `is_failure` that this is because of a mistake.
    """

    event: Event
    variables: Mapping[str, Any] = field(default_factory=dict)
    verdicts: tuple[Verdict, ...] = ()
    key: str = ""
    reason: str | None = None
    is_failure: bool = False


class Judge:
    """Judges events."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def judge(self, automation: Automation, event: Event) -> Judged:
        """Never raises a `HubError`: a mistake becomes the reason."""
        variables: dict[str, Any] = {}
        known = seen_by_templates(event)
        render = self._means.templates.render
        try:
            definition_for(automation, event)
            for name, value in _declared(automation, event).items():
                variables[name] = known[name] = await render(value, known, native=True)
            key = str(await render(automation.mode_key, known, native=False))
        except HubError as error:
            return Judged(event=event, variables=variables, reason=str(error), is_failure=True)
        situation = self._means.situation(event, known)
        try:
            judging = verdicts(_judged_by(automation, event), situation)
            found = await understood("Judging the conditions", judging)
        except HubError as error:
            return Judged(event=event, variables=variables, reason=str(error), is_failure=True)
        return Judged(
            event=event,
            variables=variables,
            verdicts=found,
            key=key,
            reason=reason_of(found),
            is_failure=bool(found) and found[-1].is_mistake,
        )

    async def each(self, automation: Automation, event: Event) -> list[Verdict]:
        """What each condition says by itself. Raises `Invalid` for variables that make no sense."""
        judged = await self.judge(automation, event)
        if judged.is_failure and not judged.verdicts:
            raise Invalid(str(judged.reason))
        situation = self._means.situation(event, {**seen_by_templates(event), **judged.variables})
        found = [await verdicts([each], situation) for each in automation.conditions]
        return [verdict for alone in found for verdict in alone]


def _judged_by(automation: Automation, event: Event) -> Sequence[Condition]:
    """The conditions, unless somebody who fired it by hand wants them left out."""
    is_free = event.platform == MANUAL and event.variables.get(SKIPS_CONDITIONS) is True
    return [] if is_free else automation.conditions


def seen_by_templates(event: Event) -> dict[str, Any]:
    """The variables that every template of a firing sees."""
    trigger = {**event.variables, "platform": event.platform}
    return {"trigger": trigger, "context": {"id": firing_id(event), "parent_id": event.id}}


def _declared(automation: Automation, event: Event) -> dict[str, Any]:
    """The variables of all triggers, the trigger's own, and then the automation's, which may use
    them."""
    fired_by = str(event.variables.get("idx"))  # anything, where somebody fired it by hand
    of_trigger = next(
        (
            trigger.variables
            for index, trigger in enumerate(automation.triggers)
            if str(index) == fired_by
        ),
        {},
    )
    return {**automation.trigger_variables, **of_trigger, **automation.variables}
