"""What templates would see of a sample event of each trigger."""

from collections.abc import Iterator
from enum import Enum
from typing import Any, Final

from hub.automations.automation import Automation
from hub.automations.trigger import AnyTrigger
from hub.records.event import Event
from hub.triggers.manual import ManualTrigger

# Names of files and what is typed in are made up. Others are tried as well, as a name may hold a
# number or a date that a template takes out of it.
MADE_UP = "sample"
OTHERS = ("1", "20260115")
# What callers of a webhook decide, and one of them may send again.
_OF_CALLER = ("json", "data", "query", "headers", "method")


class Unknown(Enum):
    """Stands for a value that is only known when an event comes."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN


class Open(dict[str, Any]):
    """A mapping that may have more keys than are known."""


def samples_of(automation: Automation) -> list[dict[str, Any]]:
    """The variables that come with an event, of each trigger."""
    return [_sample(automation, index) for index in range(len(automation.triggers))]


def with_event(sample: dict[str, Any], event: Event) -> dict[str, Any]:
    """A webhook's sample with what the caller really sent."""
    sent = {name: event.variables[name] for name in _OF_CALLER if name in event.variables}
    return {**sample, "trigger": {**sample["trigger"], **sent}}


def with_other_names(sample: Any, name: str) -> Any:
    """A sample with another name in the place of the made-up ones."""
    match sample:
        case str():
            return sample.replace(MADE_UP, name)
        case dict():
            return type(sample)({key: with_other_names(sample[key], name) for key in sample})
        case list():
            return [with_other_names(item, name) for item in sample]
    return sample


def holds_unknown(value: Any) -> bool:
    """Whether anything in it is only known when an event comes."""
    match value:
        case Unknown() | Open():
            return True
        case dict():
            return any(map(holds_unknown, value.values()))
        case list():
            return any(map(holds_unknown, value))
    return False


def _sample(automation: Automation, index: int) -> dict[str, Any]:
    trigger = automation.triggers[index]
    variables = {
        **dict(_known(trigger)),
        "idx": str(index),
        "id": automation.trigger_id(index),
        "platform": trigger.kind,
        "alias": trigger.alias or "",
        "description": trigger.kind.replace("_", " "),
    }
    # Whoever fires an automation by hand may give other names.
    opened = Open(variables) if isinstance(trigger, ManualTrigger) else variables
    return {"trigger": opened, "context": {"id": UNKNOWN, "parent_id": UNKNOWN}}


def _known(trigger: AnyTrigger) -> Iterator[tuple[str, Any]]:
    for name, value in trigger.sample().items():
        yield name, _with_unknown(value)


def _with_unknown(value: Any) -> Any:
    """None, and whatever is empty, says nothing about what will be there."""
    match value:
        case dict():
            return {key: _with_unknown(item) for key, item in value.items()} or UNKNOWN
        case list():
            return [_with_unknown(item) for item in value] or UNKNOWN
    return UNKNOWN if value is None else value
