"""What Home Assistant has and the hub has not is refused by name, so that copied automations never
half work; what it calls otherwise is understood."""

from hub.automations.settled import with_enabled
from hub.config.elements import Element, Mapping, Scalar, Sequence, Unreadable
from hub.config.problems import closest, problem_at

_TRIGGERS = frozenset(
    [
        "calendar",
        "conversation",
        "device",
        "event",
        "geo_location",
        "mqtt",
        "numeric_state",
        "persistent_notification",
        "sentence",
        "state",
        "tag",
        "template",
        "zone",
    ]
)
_CONDITIONS = {
    "device": "",
    "numeric_state": "; a template condition can compare what a webhook sent",
    "sun": "; a `sun` trigger that switches an automation, or a `time` condition, can stand for it",
    "zone": "",
}
_ACTIONS = ("event", "scene", "device_id", "set_conversation_response", "service_template")
_OF_STATES = "; a `state` condition asks whether an automation is on, `hub` how the hub is"
HOME_ASSISTANTS_NAMES = {
    **dict.fromkeys(("states", "is_state", "state_attr", "is_state_attr", "has_value"), _OF_STATES),
    "this": "; `trigger` and `context` tell what a firing is about",
}
"""Names that its templates know, each with what there is instead."""
_CALLABLE = "; `webhook.post` can call it"
_INSTEAD = {
    "script": "; give an automation a `manual` trigger, and fire it by `automation.trigger`",
    "persistent_notification": "; `notify` tells people something",
    "system_log": "; every step is in the firing's trace",
    "logbook": "; every step is in the firing's trace",
}
_OUR_ACTIONS = frozenset(["automation", "file", "notify", "output", "webhook", "workflow"])
_LIFE = {"start": "startup", "shutdown": "shutdown"}


def trigger_of_ours(element: Element) -> Element:
    """A trigger as it is; `homeassistant` as `startup` or `shutdown`."""
    key, kind = _named(element, "trigger", "platform")
    if isinstance(element, Mapping) and kind and kind.text == "homeassistant":
        event = element.get("event")
        if not isinstance(event, Scalar) or event.text not in _LIFE:
            message = "a homeassistant trigger takes `event: start` or `event: shutdown`"
            return Unreadable(problem_at(kind.place, message), kind.place)
        rest = [entry for entry in element.entries if entry[0].text not in (key, "event")]
        tag = Scalar("trigger", kind.place), Scalar(_LIFE[event.text], kind.place)
        return with_enabled(Mapping((tag, *rest), element.place, element.problems))
    if kind and (kind.text in _TRIGGERS or _is_name_of_domain(kind.text)):
        return _refused("trigger", kind, "; let it post to a `webhook` trigger")
    return with_enabled(element)


def condition_of_ours(element: Element) -> Element:
    """A condition as it is."""
    _, kind = _named(element, "condition")
    if kind and (kind.text in _CONDITIONS or _is_name_of_domain(kind.text)):
        return _refused("condition", kind, _CONDITIONS.get(kind.text, ""))
    return with_enabled(element)


def action_of_ours(element: Element) -> Element:
    """An action as it is."""
    if not isinstance(element, Mapping):
        return element
    _, kind = _named(element, "action", "service")
    if kind and _is_elsewhere(kind.text):
        return _refused("action", kind, _INSTEAD.get(kind.text.partition(".")[0], _CALLABLE))
    keys = {key.text: key for key, _ in element.entries}
    found = next((keys[name] for name in _ACTIONS if name in keys), None)
    return _refused("action", found, _CALLABLE) if found else with_enabled(element)


def triggers_opened(element: Element) -> Element:
    """A list of triggers in which those of `triggers:` inside it are among the others."""
    if not isinstance(element, Sequence):
        return element
    items: list[Element] = []
    for item in element.items:
        inner = item.get("triggers") if isinstance(item, Mapping) else None
        if inner is not None and isinstance(item, Mapping) and len(item.entries) == 1:
            items += inner.items if isinstance(inner, Sequence) else (inner,)
        else:
            items.append(item)
    return Sequence(tuple(items), element.place)


def _is_elsewhere(action: str) -> bool:
    """Whether it is of a domain such as `light`, and no slip of one of ours."""
    domain, _, _ = action.partition(".")
    if domain in _OUR_ACTIONS:
        return False
    return _is_name_of_domain(action) and closest(domain, _OUR_ACTIONS) is None


def _is_name_of_domain(kind: str) -> bool:
    """Whether it is like `light.turned_on`."""
    domain, dot, name = kind.partition(".")
    return bool(dot) and domain.isidentifier() and name.isidentifier()


def _named(element: Element, *keys: str) -> tuple[str, Scalar | None]:
    """Which of the keys is there, and its value."""
    if isinstance(element, Mapping):
        for key in keys:
            if isinstance(value := element.get(key), Scalar):
                return key, value
    return "", None


def _refused(what: str, name: Scalar, hint: str = "") -> Unreadable:
    message = f"Home Assistant's {what} {name.text!r} is not here{hint}"
    return Unreadable(problem_at(name.place, message, value=name.text), name.place)
