"""From YAML text to elements with places.

The parser is libyaml's, which PyYAML hands on as events; building elements from the events takes
half the time of PyYAML's own nodes, and lets a tag be answered the moment it is met.
"""

from collections.abc import Callable
from typing import Any

import yaml

from hub.config.elements import Element, Mapping, Scalar, Sequence, Unreadable
from hub.config.problems import Place, Problem, problem_at

Tags = Callable[[str, Element], Element]
"""Answers a tag such as `!include`: tag and tagged element in, what stands there out."""

_DEEPEST = 64  # nesting beyond this is a mistake, and would exhaust Python's stack
_MOST = 1_000_000  # elements, with those that aliases repeat; a thousand automations have 90,000
_CORE = "tag:yaml.org,2002:"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(text: str, file: str, tags: Tags) -> Element:
    """The elements of a YAML text; an empty text is null. Bad YAML gives `Unreadable`."""
    composer = _Composer(text, file, tags)
    try:
        return composer.document()
    except yaml.MarkedYAMLError as error:
        return unreadable(_place_of(error, file), _sentence(error, text))
    except yaml.reader.ReaderError as error:
        place = place_of_byte(text.encode(), error.position, file)
        return unreadable(place, f"the character U+{error.character:04X} is not allowed in YAML")


def unreadable(place: Place, message: str, *, suggestion: str | None = None) -> Unreadable:
    """An element that only says why it is not there."""
    return Unreadable(problem_at(place, message, suggestion=suggestion), place)


def place_of_byte(data: bytes, index: int, file: str) -> Place:
    """Where the byte of that index is, in lines and characters."""
    before = data[:index].decode(errors="replace")
    line_start = before.rfind("\n") + 1
    return Place(file, before.count("\n") + 1, len(before) - line_start + 1)


class _Composer:
    """Builds elements from events. An anchor is known only after its element is complete, so that
    no element can hold itself; with how many elements it is, as aliases multiply (`_count`)."""

    def __init__(self, text: str, file: str, tags: Tags) -> None:
        self._next: Callable[[], Any] = _Loader(text).get_event
        self._file = file
        self._tags = tags
        self._anchors: dict[str, tuple[Element, int]] = {}
        self._depth = 0
        self._count = 0

    def document(self) -> Element:
        self._next()  # the stream's start
        if isinstance(self._next(), yaml.StreamEndEvent):
            return Scalar("", Place(self._file))
        element = self._element(self._next())
        self._next()  # the document's end
        after = self._next()
        if isinstance(after, yaml.StreamEndEvent):
            return element
        return unreadable(self._place(after), "a second document begins here; one is allowed")

    def _element(self, event: Any) -> Element:
        kind = type(event)
        before = self._count
        self._count += 1
        if kind is yaml.AliasEvent:
            return self._repeated(event)
        if kind is yaml.ScalarEvent and "\0" in event.value:
            element: Element = unreadable(self._place(event), "no text may hold the character NUL")
        elif kind is yaml.ScalarEvent:
            element = Scalar(event.value, self._place(event), not event.style)
        else:
            element = self._collection(kind, event)
        if event.tag is not None:
            element = self._tagged(event.tag, element)
        if event.anchor is not None:
            self._anchors[event.anchor] = element, self._count - before
        return element

    def _repeated(self, event: Any) -> Element:
        """What an anchor stands for, which may hold others again and again."""
        if event.anchor not in self._anchors:
            return unreadable(self._place(event), f"the anchor {event.anchor!r} is not defined")
        element, count = self._anchors[event.anchor]
        self._count += count
        if self._count > _MOST:
            message = "the anchors in this file stand for too much"
            raise yaml.MarkedYAMLError(problem=message, problem_mark=event.start_mark)
        return element

    def _collection(self, kind: type[Any], event: Any) -> Element:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise yaml.MarkedYAMLError(problem="nested too deeply", problem_mark=event.start_mark)
        is_list = kind is yaml.SequenceStartEvent
        place = self._place(event)
        element = self._sequence(place) if is_list else self._mapping(place)
        self._depth -= 1
        return element

    def _sequence(self, place: Place) -> Element:
        items = []
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            items.append(self._element(event))
        return Sequence(tuple(items), place)

    def _mapping(self, place: Place) -> Element:
        builder = _Entries()
        template: Mapping | None = None
        while type(event := self._next()) is not yaml.MappingEndEvent:
            key = self._element(event)
            template = key if isinstance(key, Mapping) else template
            builder.add(key, self._element(self._next()))
        if template is not None:
            return unreadable(template.place, 'a template must stand in quotes: "{{ … }}"')
        return Mapping(builder.merged(), place, tuple(builder.problems))

    def _tagged(self, tag: str, element: Element) -> Element:
        if tag == "!":
            return element
        if tag == _CORE + "str" and isinstance(element, Scalar):
            return Scalar(element.text, element.place, plain=False)
        return element if tag.startswith(_CORE) else self._tags(tag, element)

    def _place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self._file, mark.line + 1, mark.column + 1)


class _Entries:
    """The entries of one mapping in the making; `<<` brings in those of others."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[Scalar, Element]] = {}
        self._others: list[Mapping] = []
        self.problems: list[Problem] = []

    def add(self, key: Element, value: Element) -> None:
        if not isinstance(key, Scalar):
            self.problems.append(problem_at(key.place, "a key must be a single text"))
        elif key.plain and key.text == "<<":
            self._merge(value)
        elif key.text in self._entries:
            line = self._entries[key.text][0].place.line
            message = f"the key {key.text!r} is already in line {line}"
            self.problems.append(problem_at(key.place, message, value=key.text))
        else:
            self._entries[key.text] = (key, value)

    def merged(self) -> tuple[tuple[Scalar, Element], ...]:
        """All entries; own ones win, then those of the earlier merge."""
        for other in self._others:
            for key, value in other.entries:
                self._entries.setdefault(key.text, (key, value))
        return tuple(self._entries.values())

    def _merge(self, value: Element) -> None:
        for other in value.items if isinstance(value, Sequence) else (value,):
            if isinstance(other, Mapping):
                self._others.append(other)
                self.problems.extend(other.problems)
            else:
                self.problems.append(problem_at(other.place, "only mappings can be merged by '<<'"))


def _place_of(error: Any, file: str) -> Place:
    mark = error.problem_mark or error.context_mark
    return Place(file, mark.line + 1, mark.column + 1)


def _sentence(error: Any, text: str) -> str:
    mark = error.problem_mark or error.context_mark
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    if line[mark.column : mark.column + 1] == "\t":
        return "a tab cannot indent YAML; use spaces"
    context = error.context_mark
    began = f" {error.context} that began in line {context.line + 1}" if context else ""
    return f"this is not YAML: {error.problem}{began}"
