"""Automations that others name plainly: whether there are such."""

from collections.abc import Iterator

from msgspec import Struct

from hub.automations.actions.automation_target import AutomationTarget
from hub.automations.automation import Automation
from hub.automations.conditions.state import StateCondition
from hub.triggers.run_finished import RunFinishedTrigger


def names_in(automation: Automation) -> Iterator[tuple[Struct, str, str]]:
    """Each name of an automation, with the part that holds it and the key under which it stands."""
    for part in _parts(automation):
        match part:
            case AutomationTarget():
                yield from ((part, "entity_id", name) for name in part.names)
            case StateCondition():
                yield from ((part, "entity_id", name) for name in part.names)
            case RunFinishedTrigger():
                yield from ((part, "automation", name) for name in part.automation)


def _parts(held: object) -> Iterator[Struct]:
    """The structs in a value, from outside inwards."""
    inner: Iterator[object]
    match held:
        case Struct():
            yield held
            inner = (getattr(held, field) for field in held.__struct_fields__)
        case list() | tuple():
            inner = iter(held)
        case _:
            return
    for each in inner:
        if isinstance(each, Struct | list | tuple):
            yield from _parts(each)
