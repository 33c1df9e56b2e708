"""Elements: what a YAML file holds, each with its place. Nothing is interpreted yet.

A plain scalar (`5`, `on`) is kept as it was written: which type it has is decided by whoever
wants it, so that a text stays as written and `07:30` never becomes a number.

No element holds itself, so none is left to the garbage collector, which would spend a third of the
time that a thousand automations take on going through them.
"""

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from hub.config.problems import Place, Problem

_LONGEST_QUOTE = 60
_BOOLEANS = {
    word: value
    for value, words in ((True, "true yes on"), (False, "false no off"))
    for lower in words.split()
    for word in (lower, lower.capitalize(), lower.upper())
}
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9_]*)|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?")


class Scalar(Struct, frozen=True, gc=False):
    """A single value. `plain` means written without quotes; a secret is never shown."""

    text: str
    place: Place
    plain: bool = True
    secret: bool = False


class Sequence(Struct, frozen=True, gc=False):
    """A list."""

    items: tuple["Element", ...]
    place: Place


class Mapping(Struct, frozen=True, gc=False):
    """Keys and values in the order of the file; no key comes twice. `problems` are those of its
    keys."""

    entries: tuple[tuple[Scalar, "Element"], ...]
    place: Place
    problems: tuple[Problem, ...] = ()

    def get(self, key: str) -> "Element | None":
        """The value of `key`; None if it is not there."""
        for name, value in self.entries:
            if name.text == key:
                return value
        return None


class Unreadable(Struct, frozen=True, gc=False):
    """Stands where something could not be had: a broken file, an unknown secret."""

    problem: Problem
    place: Place


Element = Scalar | Sequence | Mapping | Unreadable


def flaws(element: Element) -> Iterator[Problem]:
    """The problems that reading the YAML itself met, anywhere in the element."""
    match element:
        case Unreadable():
            yield element.problem
        case Sequence():
            for item in element.items:
                yield from flaws(item)
        case Mapping():
            yield from element.problems
            for _, value in element.entries:
                yield from flaws(value)


def plain_value(element: Element) -> Any:
    """The element as Python values: dict, list, str, int, float, bool or None (also for flaws)."""
    match element:
        case Scalar():
            return scalar_value(element)
        case Sequence():
            return [plain_value(item) for item in element.items]
        case Mapping():
            return {key.text: plain_value(value) for key, value in element.entries}
        case Unreadable():
            return None


def scalar_value(scalar: Scalar) -> str | int | float | bool | None:
    """What a scalar means where any value will do: YAML 1.2, and `yes`, `no`, `on`, `off` as well.

    Dates and times stay texts.
    """
    text = scalar.text
    if not scalar.plain:
        return text
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def is_null(element: Element) -> bool:
    """Whether nothing was written after a key."""
    return isinstance(element, Scalar) and element.plain and element.text in _NULLS


def quoted(element: Element) -> str:
    """How a message shows the element: short, and without secrets."""
    match element:
        case Mapping():
            return "a mapping"
        case Sequence():
            return "a list"
        case Unreadable():
            return "something unreadable"
        case Scalar(secret=True):
            return "(secret)"
        case Scalar(text=text) if len(text) > _LONGEST_QUOTE:
            return repr(text[:_LONGEST_QUOTE] + "…")
        case Scalar(text=text):
            return repr(text) if text or not element.plain else "nothing"
