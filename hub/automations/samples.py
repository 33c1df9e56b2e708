"""What templates would see of a sample event of each trigger."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final

from hub.automations.automation import Automation
from hub.automations.trigger import AnyTrigger
from hub.records.event import Event
from hub.triggers.manual import ManualTrigger

# Names of files and what is typed in are made up. Others are tried as well, as a name may hold a
# number or a date that a template takes out of it.
_NAMES = ("sample", "1", "20260115")
VARIANTS = range(len(_NAMES))
"""Of a sample: names, numbers and times differ, and so does the moment."""

_APART = timedelta(days=97, hours=7, minutes=13, seconds=5)
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d)?")
# What callers of a webhook decide, and one of them may send again.
_OF_CALLER = ("json", "text", "data", "query", "headers", "method")


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


def varied(sample: Any, variant: int) -> Any:
    """A sample with another name in the place of made-up ones, and with other numbers and times;
    as it is with 0."""
    match sample:
        case str() if variant:
            return _varied_text(sample, variant)
        case datetime():
            return sample + variant * _APART
        case int() | float() if not isinstance(sample, bool):
            return sample * (2 * variant + 1) + variant
        case dict():
            return type(sample)({key: varied(sample[key], variant) for key in sample})
        case list():
            return [varied(item, variant) for item in sample]
    return sample


def _varied_text(sample: str, variant: int) -> str:
    if _ISO.fullmatch(sample):
        return (datetime.fromisoformat(sample) + variant * _APART).isoformat()
    return sample.replace(_NAMES[0], _NAMES[variant])


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
