"""Automations that others name plainly."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from hub.automations.actions.automation_target import AutomationTarget
from hub.automations.conditions.state import StateCondition
from hub.triggers.run_finished import RunFinishedTrigger


def names_in(parts: Iterable[Struct]) -> Iterator[tuple[Struct, str, str]]:
    """Each name, with the part of an automation that holds it, and the key under which it does."""
    for part in parts:
        match part:
            case AutomationTarget() | StateCondition():
                yield from ((part, "entity_id", name) for name in part.names)
            case RunFinishedTrigger():
                yield from ((part, "automation", name) for name in part.automation)
