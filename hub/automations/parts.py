"""One step of an automation by itself, to try it with an event of the past.

A part is named by the keys that lead to it: `actions/1/then/0`, `actions/2/repeat/sequence/0`.
"""

from typing import Any

import msgspec

from hub.automations.actions.base import Instruction
from hub.automations.automation import Automation, Definition
from hub.errors import Invalid
from hub.records.event import MANUAL, ONLY, Event


class NoSuchPart(Invalid):
    """Nothing that can be carried out stands there."""

    def __init__(self, automation: str, way: str) -> None:
        super().__init__(
            f"The automation {automation!r} has no step {way!r}. Name one by the keys that lead to"
            " it, counted from 0, such as `actions/0` or `actions/1/then/0`."
        )


def definition_for(automation: Automation, event: Event) -> Definition:
    """What is carried out for an event: all of the automation, or the part that somebody wants to
    try. Raises `NoSuchPart`."""
    way = event.variables.get(ONLY) if event.platform == MANUAL else None
    if way is None:
        return automation.definition
    return msgspec.structs.replace(automation.definition, actions=(part_of(automation, way),))


def part_of(automation: Automation, way: str) -> Instruction:
    """The step, also one that is switched off. Raises `NoSuchPart`."""
    found: Any = automation
    for key in str(way).split("/"):
        found = _inside(found, key)
    if not isinstance(found, Instruction):
        raise NoSuchPart(automation.id, str(way))
    return msgspec.structs.replace(found, enabled=True)


def _inside(held: Any, key: str) -> Any:
    """What stands under a key; None if nothing does."""
    match held:
        case list() | tuple():
            return next((item for index, item in enumerate(held) if str(index) == key), None)
        case msgspec.Struct() if key in held.__struct_encode_fields__:
            names = dict(zip(held.__struct_encode_fields__, held.__struct_fields__, strict=True))
            return getattr(held, names[key])
    return None
