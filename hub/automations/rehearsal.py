"""Rehearsing edited automations: judged with what really happened, and nothing is carried out."""

from datetime import datetime
from typing import Any

from hub.automations.actions.action import all_actions
from hub.automations.actions.workflow_run import WorkflowRun
from hub.automations.automation import Automation
from hub.automations.judging import Judge, Judged, seen_by_templates
from hub.automations.supervisor import Supervisor
from hub.automations.templates import Templates
from hub.errors import HubError
from hub.records.event import Event
from hub.records.firing import Verdict
from hub.records.wait import waiting_step
from hub.storage.past import Past

UNKNOWN = "known only when it runs"


class Rehearsal:
    """Compares edited automations with those at work, event by event.

    Both are judged now, so that a condition about the hub or the time of day makes no difference
    that is not the edit's.
    """

    def __init__(
        self, *, supervisor: Supervisor, past: Past, judge: Judge, templates: Templates
    ) -> None:
        self._supervisor = supervisor
        self._past = past
        self._judge = judge
        self._templates = templates

    async def of(self, edited: Automation, since: datetime) -> dict[str, Any]:
        """What would be another with an edited automation, for its events since then."""
        known = {desk.automation.id: desk.automation for desk in self._supervisor.known()}
        present = known.get(edited.id)
        past = await self._past.events(automation=edited.id, since=since)
        events = [event for event in past if waiting_step(event.trigger) is None]
        differences = []
        for event in reversed(events):
            before = await self._outcome(present, event) if present else None
            after = await self._outcome(edited, event)
            if before != after:
                differences.append(_difference(event, before, after))
        return {"automation": edited.id, "events": len(events), "differences": differences}

    async def tried(self, template: str, event: Event | None) -> Any:
        """What a template gives, with an event as its automation sees it. Raises what rendering
        raises, and what is wrong with the automation's variables."""
        if event is None:
            return await self._templates.render(template, {}, native=True)
        variables = seen_by_templates(event)
        for desk in self._supervisor.known():
            if desk.automation.id == event.automation:
                judged = await self._judge.judge(desk.automation, event)
                variables |= judged.variables
        return await self._templates.render(template, variables, native=True)

    async def conditions(self, automation: Automation, event: Event) -> list[Verdict]:
        """What each of its conditions would say of an event now."""
        return await self._judge.each(automation, event)

    async def _outcome(self, automation: Automation, event: Event) -> dict[str, Any]:
        judged = await self._judge.judge(automation, event)
        runs = [] if judged.reason else await self._runs(automation, judged)
        return {"fires": judged.reason is None, "reason": judged.reason, "runs": runs}

    async def _runs(self, automation: Automation, judged: Judged) -> list[dict[str, Any]]:
        """The workflows that it could run, each with what is known of its parameters."""
        variables = {**seen_by_templates(judged.event), **judged.variables}
        return [
            {
                "workflow": action.data.workflow,
                "parameters": {
                    name: await self._rendered(value, variables)
                    for name, value in action.data.parameters.items()
                },
            }
            for action in all_actions(automation.actions)
            if isinstance(action, WorkflowRun)
        ]

    async def _rendered(self, value: Any, variables: dict[str, Any]) -> Any:
        try:
            return await self._templates.render(value, variables, native=False)
        except HubError:
            return UNKNOWN


def _difference(
    event: Event, before: dict[str, Any] | None, after: dict[str, Any]
) -> dict[str, Any]:
    return {
        "event": event.id,
        "observed_at": event.observed_at.isoformat(),
        "about": event.variables.get("path") or event.trigger,
        "before": before,
        "after": after,
    }
