"""One step of an automation by itself, to try it with an event of the past.

A part is named by the keys that lead to it: `actions/1/then/0`, `actions/2/repeat/sequence/0`. It
sees the variables that the steps before it set when that event was worked on.
"""

from collections.abc import Iterable
from itertools import takewhile
from typing import Any

import msgspec

from hub.automations.actions.base import Action, Instruction
from hub.automations.automation import Automation, Definition
from hub.errors import Invalid
from hub.records.event import GIVEN, MANUAL, ONLY, Event
from hub.records.firing import Firing, Step, StepState


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
    found = _found(automation, str(way))
    if not isinstance(found, Instruction):
        raise NoSuchPart(automation.id, str(way))
    return msgspec.structs.replace(found, enabled=True)


def given_before(way: str, event: Event, firing: Firing, steps: Iterable[Step]) -> dict[str, Any]:
    """The variables that steps set in a firing, in order, before the one at `way` was begun; all of
    them if it was not. Those of the turns of a `repeat` are not among them."""
    if ONLY in event.variables:  # it was a trial itself
        return given_to(event)
    definition = msgspec.convert(firing.definition, Definition)
    given: dict[str, Any] = {}
    for step in takewhile(lambda step: step.key != way, steps):
        action = _found(definition, step.key)
        if isinstance(action, Action) and step.state is StepState.SUCCEEDED:
            given.update(action.assigned(step.result))
        elif isinstance(action, Action) and action.continue_on_error and step.error is not None:
            given.update(action.assigned_by_failure(step.error, step.result))
    return given


def given_to(event: Event) -> dict[str, Any]:
    """What a trial of one step sees besides; nothing for any other event."""
    given = event.variables.get(GIVEN) if event.platform == MANUAL else None
    return given if isinstance(given, dict) else {}


def _found(held: Any, way: str) -> Any:
    """What stands at the end of a way; None if nothing does."""
    for key in way.split("/"):
        held = _inside(held, key)
    return held


def _inside(held: Any, key: str) -> Any:
    """What stands under a key; None if nothing does."""
    match held:
        case list() | tuple():
            return next((item for index, item in enumerate(held) if str(index) == key), None)
        case msgspec.Struct() if key in held.__struct_encode_fields__:
            names = dict(zip(held.__struct_encode_fields__, held.__struct_fields__, strict=True))
            return getattr(held, names[key])
    return None
