"""Reads msgspec structs from YAML elements and notes every mistake with its place.

`msgspec.convert` would stop at the first mistake and knows no places. The reader goes through the
declared types by itself: a part that cannot be read is `_BROKEN`, and so is whatever holds it, but
its neighbours are read on.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, overload

from msgspec.inspect import (
    AnyType,
    DictType,
    FloatType,
    FrozenSetType,
    ListType,
    Metadata,
    NoneType,
    SetType,
    StrType,
    StructType,
    TimeDeltaType,
    Type,
    UnionType,
    VarTupleType,
)

from hub.config.declared import (
    candidates,
    described,
    fields_of,
    old_keys,
    type_info,
)
from hub.config.elements import (
    Element,
    Mapping,
    Scalar,
    Sequence,
    Unreadable,
    flaws,
    is_null,
    plain_value,
    quoted,
)
from hub.config.fields import BYTE_COUNT, CHECK, ONE_OR_MANY, REWRITE
from hub.config.positions import Positions
from hub.config.problems import Place, Problem, Problems, closest
from hub.config.quantities import duration_of_parts
from hub.config.scalars import SCALAR_TYPES, Unfit, convert, in_bytes

T = TypeVar("T")

_BROKEN: Any = object()
_COLLECTIONS: dict[type[Type], Callable[[Iterable[Any]], Any]] = {
    ListType: list,
    VarTupleType: tuple,
    SetType: set,
    FrozenSetType: frozenset,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading(Generic[T]):
    """One element of a list by itself: its value, or None and the problems that it has."""

    element: Element
    value: T | None
    problems: tuple[Problem, ...]


class Reader:
    """Reads elements into types; problems and positions add up over all that it reads."""

    def __init__(self, problems: Problems) -> None:
        self.positions = Positions()
        self._problems = problems

    @overload
    def read(self, element: Element, wanted: type[T]) -> T | None: ...
    @overload
    def read(self, element: Element, wanted: Any) -> Any: ...
    def read(self, element: Element, wanted: Any) -> Any:
        """The element as the wanted type; None if it has problems, which are then noted."""
        value = self._read(element, type_info(wanted), "this")
        return None if value is _BROKEN else value

    def read_each(self, element: Element, wanted: type[T]) -> list[Reading[T]]:
        """Every element of a list by itself, so that a broken one leaves its neighbours alone.

        Their problems are only in the readings. One element may stand for a list of one.
        """
        if is_null(element):
            return []
        items = element.items if isinstance(element, Sequence) else (element,)
        return [self._read_alone(item, wanted) for item in items]

    def _read_alone(self, element: Element, wanted: type[T]) -> Reading[T]:
        outer, self._problems = self._problems, Problems()
        try:
            value = self.read(element, wanted)
            return Reading(element=element, value=value, problems=self._problems.in_order())
        finally:
            self._problems = outer

    def _read(self, element: Element, wanted: Type, label: str) -> Any:
        match element, wanted:
            case Unreadable(problem=problem), _:
                return self._broken([problem])
            case _, Metadata():
                return self._read_marked(element, wanted, label)
            case _, UnionType(types=types):
                return self._read_union(element, types, label)
            case _, AnyType():
                return self._broken(found) if (found := [*flaws(element)]) else plain_value(element)
            case Scalar(), StructType() if is_null(element):
                return self._read_struct(Mapping((), element.place), wanted)
        return self._read_shape(element, wanted, label)

    def _read_shape(self, element: Element, wanted: Type, label: str) -> Any:
        match element, wanted:
            case Mapping(), StructType():
                return self._read_struct(element, wanted)
            case Mapping(), DictType():
                return self._read_dict(element, wanted, label)
            case Mapping(), TimeDeltaType():
                return self._read_duration(element, label)
            case Sequence(), ListType() | VarTupleType() | SetType() | FrozenSetType():
                return self._read_list(element, wanted, label)
            case Scalar(), _ if isinstance(wanted, SCALAR_TYPES):
                return self._attempt(element, label, convert, element, wanted)
        return self._unfit(element, label, described(wanted))

    def _read_marked(self, element: Element, wanted: Metadata, label: str) -> Any:
        """A type with marks of `hub.config.fields`."""
        marks = wanted.extra or {}
        if marks.get(ONE_OR_MANY) and isinstance(element, Scalar | Mapping):
            element = Sequence(() if is_null(element) else (element,), element.place)
        if rewrite := marks.get(REWRITE):
            element = rewrite(element)
        if marks.get(BYTE_COUNT) and isinstance(element, Scalar):
            element = self._attempt(element, label, in_bytes, element)
        value = _BROKEN if element is _BROKEN else self._read(element, wanted.type, label)
        if value is _BROKEN or CHECK not in marks:
            return value
        refused = self._attempt(element, label, marks[CHECK], value) is _BROKEN
        return _BROKEN if refused else value

    def _read_union(self, element: Element, types: tuple[Type, ...], label: str) -> Any:
        if is_null(element) and any(isinstance(choice, NoneType) for choice in types):
            return None
        structs = [choice for choice in types if isinstance(choice, StructType)]
        if isinstance(element, Mapping) and len(structs) > 1:
            return self._read_tagged(element, structs)
        choices = candidates(element, types)
        if len(choices) == 1:
            return self._read(element, choices[0], label)
        outer = self._problems
        for choice in choices:
            self._problems = Problems()
            value = self._read(element, choice, label)
            self._problems = outer
            if value is not _BROKEN:
                return value
        return self._unfit(element, label, described(UnionType(tuple(choices) or types)))

    def _read_tagged(self, element: Mapping, structs: list[StructType]) -> Any:
        """The struct that the tag (`trigger: folder`) names."""
        field = structs[0].tag_field or "type"
        old = {
            key for struct in structs for key, new in old_keys(struct.cls).items() if new == field
        }
        tags = {str(struct.tag): struct for struct in structs}
        tag = next((value for key, value in element.entries if key.text in {field, *old}), None)
        if tag is None:
            self._problems.extend(element.problems)
            return self._flawed(element.place, f"the key {field!r} is missing")
        if isinstance(tag, Scalar) and tag.text in tags:
            return self._read_struct(element, tags[tag.text])
        if isinstance(tag, Unreadable):
            return self._broken([tag.problem])
        suggestion = closest(tag.text, tags) if isinstance(tag, Scalar) else None
        return self._unfit(tag, repr(field), f"one of {', '.join(sorted(tags))}", suggestion)

    def _read_struct(self, element: Mapping, wanted: StructType) -> Any:
        fields = fields_of(wanted)
        given, sound = self._given(element, wanted)
        values: dict[str, Any] = {}
        for name, value in given.items():
            if name == wanted.tag_field or (is_null(value) and not fields[name].required):
                continue
            values[fields[name].name] = self._read(value, fields[name].type, repr(name))
        for name, field in fields.items():
            if field.required and name not in given:
                sound = False
                self._problems.add(element.place, f"the key {name!r} is missing")
        if not sound or any(value is _BROKEN for value in values.values()):
            return _BROKEN
        return self._made(wanted.cls, values, element.place, given)

    def _given(self, element: Mapping, wanted: StructType) -> tuple[dict[str, Element], bool]:
        """What was written for each known key in its present spelling; whether that was all."""
        known = [*fields_of(wanted), *([wanted.tag_field] if wanted.tag_field else [])]
        present = old_keys(wanted.cls)
        given: dict[str, Element] = {}
        sound = not element.problems
        self._problems.extend(element.problems)
        for key, value in element.entries:
            name = present.get(key.text, key.text)
            sound = sound and name in known and name not in given
            if name not in known:
                suggestion = closest(key.text, known)
                self._flawed(key.place, f"unknown key {key.text!r}", key.text, suggestion)
            elif name in given:
                message = f"{name!r} is already given in another spelling"
                self._flawed(key.place, message, key.text)
            else:
                given[name] = value
        return given, sound

    def _made(
        self, made: type[Any], values: dict[str, Any], place: Place, given: dict[str, Element]
    ) -> Any:
        try:
            struct = made(**values)
        except ValueError as error:  # the struct's own check of fields that must go together
            return self._flawed(place, str(error))
        self.positions.remember(struct, place, given)
        return struct

    def _read_list(self, element: Sequence, wanted: Any, label: str) -> Any:
        items = [self._read(item, wanted.item_type, label) for item in element.items]
        if any(item is _BROKEN for item in items):
            return _BROKEN
        if len(items) < (wanted.min_length or 0):
            return self._counted(element, label, f"at least {wanted.min_length}")
        if wanted.max_length is not None and len(items) > wanted.max_length:
            return self._counted(element, label, f"at most {wanted.max_length}")
        return _COLLECTIONS[type(wanted)](items)

    def _counted(self, element: Sequence, label: str, wanted: str) -> Any:
        message = f"{label} must list {wanted}, not {len(element.items)}"
        return self._flawed(element.place, message)

    def _read_dict(self, element: Mapping, wanted: DictType, label: str) -> Any:
        self._problems.extend(element.problems)
        values = {
            key.text: self._read(value, wanted.value_type, repr(key.text))
            for key, value in element.entries
        }
        broken = element.problems or any(value is _BROKEN for value in values.values())
        return _BROKEN if broken else values

    def _read_duration(self, element: Mapping, label: str) -> Any:
        parts = self._read_dict(element, DictType(StrType(), FloatType()), label)
        if parts is _BROKEN:
            return _BROKEN
        return self._attempt(element, label, duration_of_parts, parts)

    def _attempt(
        self, element: Element, label: str, action: Callable[..., Any], *arguments: Any
    ) -> Any:
        """What `action` gives; `Unfit` and other `ValueError`s become a problem of the element."""
        try:
            return action(*arguments)
        except Unfit as unfit:
            return self._unfit(element, label, unfit.expected, unfit.suggestion)
        except ValueError as error:
            return self._flawed(element.place, f"{label} {error}", _shown(element))

    def _unfit(
        self, element: Element, label: str, expected: str, suggestion: str | None = None
    ) -> Any:
        message = f"{label} must be {expected}, not {quoted(element)}"
        return self._flawed(element.place, message, _shown(element), suggestion)

    def _flawed(
        self, place: Place, message: str, value: str | None = None, suggestion: str | None = None
    ) -> Any:
        self._problems.add(place, message, value=value, suggestion=suggestion)
        return _BROKEN

    def _broken(self, problems: Iterable[Problem]) -> Any:
        self._problems.extend(problems)
        return _BROKEN


def _shown(element: Element) -> str | None:
    """The element's text, for those who show the value by itself."""
    if isinstance(element, Scalar):
        return quoted(element) if element.secret else element.text
    return None
