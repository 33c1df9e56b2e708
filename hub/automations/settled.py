"""What is settled when an automation is read: `trigger_variables`, what triggers make of them, and
`enabled`.

As in Home Assistant these templates know nothing of events. Here they call no functions either, so
that reading a file twice gives the same.
"""

import json
from collections.abc import Mapping as Mapped
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hub.automations.template_asked import asked_by
from hub.automations.template_environment import TemplateFailed, TemplateInvalid, is_template
from hub.automations.template_render import render
from hub.config.elements import Element, Mapping, Scalar, Sequence, Unreadable, plain_value
from hub.config.problems import Place, problem_at

KEY = "trigger_variables"
_LIMIT = 10_000  # characters
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
_WHEN_READ = "this is settled when the automation is read, and knows no events"


def with_trigger_variables(automation: Element) -> Element:
    """An automation with its `trigger_variables` worked out, also where triggers ask for them."""
    written = automation.get(KEY) if isinstance(automation, Mapping) else None
    if not isinstance(automation, Mapping) or not isinstance(written, Mapping):
        return automation
    known: dict[str, Any] = {}
    entries = []
    for key, value in written.entries:
        entries.append((key, _settled(value, known, only_known=False)))
        known[key.text] = plain_value(entries[-1][1])
    settled = {
        KEY: Mapping(tuple(entries), written.place, written.problems),
        **{
            name: _settled(triggers, known, only_known=True)
            for name in ("triggers", "trigger")
            if (triggers := automation.get(name)) is not None
        },
    }
    whole = tuple((key, settled.get(key.text, value)) for key, value in automation.entries)
    return Mapping(whole, automation.place, automation.problems)


def with_enabled(element: Element) -> Element:
    """A trigger, condition or action whose `enabled` is no template any more."""
    written = element.get("enabled") if isinstance(element, Mapping) else None
    if not isinstance(element, Mapping) or not _is_template(written):
        return element
    entries = tuple(
        (key, _settled(value, {}, only_known=False) if key.text == "enabled" else value)
        for key, value in element.entries
    )
    return Mapping(entries, element.place, element.problems)


def _is_template(element: Element | None) -> bool:
    return isinstance(element, Scalar) and is_template(element.text)


def _settled(element: Element, known: Mapped[str, Any], *, only_known: bool) -> Element:
    """The element with its templates rendered; with `only_known` those that ask for what is known,
    and for nothing else, as others are for later."""
    match element:
        case Scalar() if is_template(element.text):
            return _rendered(element, known, only_known=only_known)
        case Sequence():
            items = (_settled(item, known, only_known=only_known) for item in element.items)
            return Sequence(tuple(items), element.place)
        case Mapping():
            entries = (
                (key, _settled(value, known, only_known=only_known))
                for key, value in element.entries
            )
            return Mapping(tuple(entries), element.place, element.problems)
    return element


def _rendered(scalar: Scalar, known: Mapped[str, Any], *, only_known: bool) -> Element:
    try:
        asked = asked_by(scalar.text)
        if only_known and not (asked.names and asked.names <= known.keys()):
            return scalar
        if not (asked.is_calm and asked.is_plain):
            return _unreadable(scalar, f"{_WHEN_READ}: it may call no functions")
        value = render(
            scalar.text, known, native=True, now=_NEVER, zone=ZoneInfo("UTC"), output_limit=_LIMIT
        )
    except TemplateInvalid as error:
        return _unreadable(scalar, str(error))
    except TemplateFailed as error:
        return _unreadable(scalar, f"{_WHEN_READ}: {error}")
    return _element(value, scalar.place)


def _element(value: Any, place: Place) -> Element:
    """A value as if it had been written there."""
    match value:
        case dict():
            entries = ((Scalar(key, place), _element(item, place)) for key, item in value.items())
            return Mapping(tuple(entries), place)
        case list():
            return Sequence(tuple(_element(item, place) for item in value), place)
        case str():
            return Scalar(value, place, plain=False)
    return Scalar(json.dumps(value), place)


def _unreadable(scalar: Scalar, message: str) -> Unreadable:
    return Unreadable(problem_at(scalar.place, message, value=scalar.text), scalar.place)
