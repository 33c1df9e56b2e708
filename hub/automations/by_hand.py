"""Firing an automation by hand: with a form that was filled in, or with an event of the past."""

from collections.abc import Mapping
from typing import Any

from hub.automations.automation import Automation
from hub.errors import Invalid
from hub.records.event import BY_HAND, Event
from hub.triggers.manual import ManualTrigger
from hub.triggers.manual_form import FormField


class OtherAutomation(Invalid):
    """The event that is to be used again was observed for another automation."""

    def __init__(self, event: Event, automation: str) -> None:
        super().__init__(
            f"Event {event.id} is one of the automation {event.automation!r}, not {automation!r}."
        )


def form_of(automation: Automation) -> dict[str, FormField] | None:
    """What is to be filled in; None where anything may be."""
    found = _manual(automation)
    return found[1].parameters if found else None


def variables_of_form(automation: Automation, given: Mapping[str, Any]) -> dict[str, Any]:
    """What templates see of a form. Raises `Invalid` for values that do not fit."""
    found = _manual(automation)
    if found is None:
        return {"parameters": dict(given)}
    index, trigger = found
    return {
        "id": automation.trigger_id(index),
        "idx": str(index),
        "alias": trigger.alias or "",
        "description": trigger.kind.replace("_", " "),
        "parameters": trigger.filled(given),
    }


def _manual(automation: Automation) -> tuple[int, ManualTrigger] | None:
    """The automation's manual trigger, with its place."""
    for index, trigger in enumerate(automation.triggers):
        if isinstance(trigger, ManualTrigger) and trigger.enabled:
            return index, trigger
    return None


def variables_of_past(automation: str, event: Event) -> dict[str, Any]:
    """What templates saw of an earlier event; what it was asked for besides, such as one step only,
    is no part of it. Raises `OtherAutomation`."""
    if event.automation != automation:
        raise OtherAutomation(event, automation)
    return {name: value for name, value in event.variables.items() if name not in BY_HAND}
