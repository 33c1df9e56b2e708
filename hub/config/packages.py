"""Packages: files that hold what belongs together, settings and automations, as in Home Assistant.

`packages: !include_dir_named packages` in hub.yaml names them. Their settings count as if they
stood in hub.yaml: mappings and lists of both are joined, and one value is given in one place only.
"""

from collections.abc import Iterator

from hub.config.elements import Element, Mapping, Sequence, Unreadable, is_null
from hub.config.parsing import unreadable
from hub.config.problems import Problems

KEY = "packages"
_AUTOMATIONS = ("automations", "automation")


def with_packages(settings: Element, problems: Problems) -> Element:
    """What hub.yaml and its packages say together, automations left out; mistakes are noted."""
    if not isinstance(settings, Mapping):
        return settings
    whole = _without(settings, KEY)
    for package in _packages(settings):
        match package:
            case Mapping():
                whole = _joined(whole, _without(package, *_AUTOMATIONS), problems)
            case Unreadable(problem=problem):
                problems.extend([problem])
            case _ if not is_null(package):
                problems.add(package.place, "a package is a mapping of settings and `automations`")
    return whole


def automations_of_packages(settings: Element) -> Iterator[Element]:
    """What stands under `automations:` of each package."""
    for package in _packages(settings):
        if isinstance(package, Mapping):
            yield from (value for key, value in package.entries if key.text in _AUTOMATIONS)


def _packages(settings: Element) -> Iterator[Element]:
    named = settings.get(KEY) if isinstance(settings, Mapping) else None
    if isinstance(named, Mapping):
        yield from (package for _, package in named.entries)
    elif named is not None and not is_null(named):
        message = f"`{KEY}` is a mapping, such as `!include_dir_named packages`"
        yield named if isinstance(named, Unreadable) else unreadable(named.place, message)


def _without(mapping: Mapping, *keys: str) -> Mapping:
    kept = tuple(entry for entry in mapping.entries if entry[0].text not in keys)
    return Mapping(kept, mapping.place, mapping.problems)


def _joined(first: Mapping, second: Mapping, problems: Problems) -> Mapping:
    entries = {key.text: (key, value) for key, value in first.entries}
    for key, value in second.entries:
        if key.text not in entries:
            entries[key.text] = (key, value)
            continue
        known, before = entries[key.text]
        match before, value:
            case Mapping(), Mapping():
                entries[key.text] = (known, _joined(before, value, problems))
            case Sequence(), Sequence():
                both = Sequence((*before.items, *value.items), before.place)
                entries[key.text] = (known, both)
            case _:
                message = f"the key {key.text!r} is already at {known.place}"
                problems.add(key.place, message, value=key.text)
    return Mapping(tuple(entries.values()), first.place, first.problems + second.problems)
