"""Plans: how each declared type is read from an element.

A plan is made once for a type, with all that can be told beforehand: which keys a struct has, which
of a union an element of each shape could be. Every value of every file is read by one, so they
hold no more than is done each time. All have the same form: notes, element and label in, the
value out, or `BROKEN` with the mistakes noted.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any

from msgspec.inspect import (
    AnyType,
    DictType,
    FloatType,
    FrozenSetType,
    ListType,
    Metadata,
    NoneType,
    SetType,
    StructType,
    TimeDeltaType,
    Type,
    UnionType,
    VarTupleType,
)

from hub.config.declared import (
    absent_keys,
    candidates,
    described,
    fields_of,
    old_keys,
    spellings_of,
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
)
from hub.config.fields import BYTE_COUNT, CHECK, ONE_OR_MANY, REWRITE
from hub.config.notes import BROKEN, Notes
from hub.config.problems import Place, Problems, closest
from hub.config.quantities import duration_of_parts
from hub.config.scalars import SCALAR_TYPES, convert, in_bytes

Plan = Callable[[Notes, Element, str], Any]

_COLLECTIONS: dict[type[Type], Callable[[Iterable[Any]], Any]] = {
    ListType: list,
    VarTupleType: tuple,
    SetType: set,
    FrozenSetType: frozenset,
}
_NOWHERE = Place("")
_SHAPES: dict[str, Element] = {
    "plain": Scalar("", _NOWHERE),
    "quoted": Scalar("", _NOWHERE, plain=False),
    "list": Sequence((), _NOWHERE),
    "mapping": Mapping((), _NOWHERE),
}


@cache
def plan_of(wanted: Any) -> Plan:
    """How a type is read, as annotations write it."""
    return _plan(type_info(wanted))


def _plan(wanted: Type) -> Plan:
    match wanted:
        case Metadata():
            return _marked_plan(wanted)
        case UnionType(types=types):
            return _union_plan(types)
        case StructType():
            return _struct_plan(wanted)
        case AnyType():
            return _read_anything
        case DictType():
            return _dict_plan(_plan(wanted.value_type))
        case ListType() | VarTupleType() | SetType() | FrozenSetType():
            return _list_plan(wanted)
    return _scalar_plan(wanted)


def _marked_plan(wanted: Metadata) -> Plan:
    """A type with marks of `hub.config.fields`, the first to be heeded outermost."""
    plan, marks = _plan(wanted.type), wanted.extra or {}
    if CHECK in marks:
        plan = _checked(plan, marks[CHECK])
    if BYTE_COUNT in marks:
        plan = _in_bytes(plan)
    if REWRITE in marks:
        plan = _rewritten(plan, marks[REWRITE])
    if ONE_OR_MANY in marks:
        plan = _one_or_many(plan)
    return plan


def _checked(plan: Plan, check: Callable[[Any], object]) -> Plan:
    def read(notes: Notes, element: Element, label: str) -> Any:
        value = plan(notes, element, label)
        if value is BROKEN or value is None:
            return value
        return BROKEN if notes.attempt(element, label, check, value) is BROKEN else value

    return read


def _in_bytes(plan: Plan) -> Plan:
    def read(notes: Notes, element: Element, label: str) -> Any:
        if isinstance(element, Scalar):
            element = notes.attempt(element, label, in_bytes, element)
        return BROKEN if element is BROKEN else plan(notes, element, label)

    return read


def _rewritten(plan: Plan, rewrite: Callable[[Element], Element]) -> Plan:
    def read(notes: Notes, element: Element, label: str) -> Any:
        if isinstance(element, Unreadable):
            return notes.broken([element.problem])
        return plan(notes, rewrite(element), label)

    return read


def _one_or_many(plan: Plan) -> Plan:
    def read(notes: Notes, element: Element, label: str) -> Any:
        if isinstance(element, Scalar | Mapping):
            element = Sequence(() if is_null(element) else (element,), element.place)
        return plan(notes, element, label)

    return read


def _union_plan(types: tuple[Type, ...]) -> Plan:
    may_be_empty = any(isinstance(choice, NoneType) for choice in types)
    structs = [choice for choice in types if isinstance(choice, StructType)]
    by_shape = {shape: _choice_plan(element, types) for shape, element in _SHAPES.items()}
    if len(structs) > 1:
        by_shape["mapping"] = _tagged_plan(structs)

    def read(notes: Notes, element: Element, label: str) -> Any:
        match element:
            case Scalar():
                if may_be_empty and is_null(element):
                    return None
                return by_shape["plain" if element.plain else "quoted"](notes, element, label)
            case Mapping():
                return by_shape["mapping"](notes, element, label)
            case Sequence():
                return by_shape["list"](notes, element, label)
        return notes.broken([element.problem])

    return read


def _choice_plan(shape: Element, types: tuple[Type, ...]) -> Plan:
    """The first of a union that an element of this shape can be read as."""
    choices = candidates(shape, types)
    plans = [_plan(choice) for choice in choices]
    if len(plans) == 1:
        return plans[0]
    expected = described(UnionType(tuple(choices) or types))

    def read(notes: Notes, element: Element, label: str) -> Any:
        outer = notes.problems
        for plan in plans:
            notes.problems = Problems()
            value = plan(notes, element, label)
            notes.problems = outer
            if value is not BROKEN:
                return value
        return notes.unfit(element, label, expected)

    return read


def _tagged_plan(structs: list[StructType]) -> Plan:
    """The struct that the tag (`trigger: folder`) names."""
    field = structs[0].tag_field or "type"
    spellings = spellings_of(field, structs)
    plans = {str(struct.tag): _struct_plan(struct) for struct in structs}
    expected = f"one of {', '.join(sorted(plans))}"

    def read(notes: Notes, element: Element, label: str) -> Any:
        assert isinstance(element, Mapping), "a union reads only mappings so"
        tag = next((value for key, value in element.entries if key.text in spellings), None)
        if tag is None:
            notes.broken(element.problems)
            return notes.flawed(element.place, f"the key {field!r} is missing")
        if isinstance(tag, Scalar) and tag.text in plans:
            return plans[tag.text](notes, element, label)
        if isinstance(tag, Unreadable):
            return notes.broken([tag.problem])
        suggestion = closest(tag.text, plans) if isinstance(tag, Scalar) else None
        return notes.unfit(tag, repr(field), expected, suggestion)

    return read


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of a struct: its present spelling as messages quote it, the field that it fills (none
    for the tag), and how that is read."""

    name: str
    label: str
    field: str
    plan: Plan | None
    required: bool


_struct_plans: dict[type[Any], "_StructPlan"] = {}


def _struct_plan(struct: StructType) -> "_StructPlan":
    return _struct_plans.get(struct.cls) or _struct_plans.setdefault(
        struct.cls, _StructPlan(struct)
    )


class _StructPlan:
    """Reads a mapping as a struct. Its keys are looked at only then, as structs hold each other."""

    def __init__(self, struct: StructType) -> None:
        self._struct = struct

    def __call__(self, notes: Notes, element: Element, label: str) -> Any:
        if not isinstance(element, Mapping):
            if isinstance(element, Unreadable):
                return notes.broken([element.problem])
            if not is_null(element):
                return notes.unfit(element, label, "a mapping")
            element = Mapping((), element.place)
        given, sound = self._given(notes, element)
        values: dict[str, Any] = {}
        for name, value in given.items():
            key = self._keys[name]
            if key.plan is None or (not key.required and is_null(value)):
                continue
            values[key.field] = read = key.plan(notes, value, key.label)
            sound = sound and read is not BROKEN
        for name in self._required:
            if name not in given:
                sound = False
                notes.flawed(element.place, f"the key {name!r} is missing")
        return self._made(notes, values, element.place, given) if sound else BROKEN

    @cached_property
    def _keys(self) -> dict[str, _Key]:
        """By all spellings."""
        keys = {
            name: _Key(
                name=name,
                label=repr(name),
                field=field.name,
                plan=_plan(field.type),
                required=field.required,
            )
            for name, field in fields_of(self._struct).items()
        }
        if tag := self._struct.tag_field:
            keys[tag] = _Key(name=tag, label=repr(tag), field="", plan=None, required=False)
        old = old_keys(self._struct.cls)
        return {**keys, **{older: keys[name] for older, name in old.items() if name in keys}}

    @cached_property
    def _required(self) -> list[str]:
        return [key.name for name, key in self._keys.items() if key.required and name == key.name]

    def _given(self, notes: Notes, element: Mapping) -> tuple[dict[str, Element], bool]:
        """What was written for each known key in its present spelling; whether that was all."""
        keys = self._keys
        given: dict[str, Element] = {}
        sound = not element.problems
        if not sound:
            notes.broken(element.problems)
        for written, value in element.entries:
            key = keys.get(written.text)
            if key is None:
                sound = False
                self._note_unknown(notes, written)
            elif key.name in given:
                sound = False
                message = f"{key.name!r} is already given in another spelling"
                notes.flawed(written.place, message, written.text)
            else:
                given[key.name] = value
        return given, sound

    def _note_unknown(self, notes: Notes, written: Scalar) -> None:
        suggestion = closest(written.text, {key.name for key in self._keys.values()})
        message = f"unknown key {written.text!r}"
        if instead := absent_keys(self._struct.cls).get(written.text):
            message, suggestion = f"there is no {written.text!r} here: {instead}", None
        notes.flawed(written.place, message, written.text, suggestion)

    def _made(
        self, notes: Notes, values: dict[str, Any], place: Place, given: dict[str, Element]
    ) -> Any:
        try:
            struct = self._struct.cls(**values)
        except ValueError as error:  # the struct's own check of fields that must go together
            return notes.flawed(place, str(error))
        notes.positions.remember(struct, place, given)
        return struct


def _list_plan(wanted: Any) -> Plan:
    plan, collection = _plan(wanted.item_type), _COLLECTIONS[type(wanted)]
    least, most = wanted.min_length or 0, wanted.max_length

    def read(notes: Notes, element: Element, label: str) -> Any:
        if not isinstance(element, Sequence):
            return _misshapen(notes, element, label, "a list")
        items = [plan(notes, item, label) for item in element.items]
        if BROKEN in items:
            return BROKEN
        if len(items) < least:
            return _counted(notes, element, label, f"at least {'one' if least == 1 else least}")
        if most is not None and len(items) > most:
            return _counted(notes, element, label, f"at most {most}")
        return collection(items)

    return read


def _counted(notes: Notes, element: Sequence, label: str, wanted: str) -> Any:
    count = len(element.items)
    message = (
        f"{label} must list {wanted}, not {count}" if count else f"{label} is empty: list {wanted}"
    )
    return notes.flawed(element.place, message)


def _dict_plan(plan: Plan) -> Plan:
    def read(notes: Notes, element: Element, label: str) -> Any:
        if not isinstance(element, Mapping):
            return _misshapen(notes, element, label, "a mapping")
        notes.broken(element.problems)
        values = {key.text: plan(notes, value, repr(key.text)) for key, value in element.entries}
        return BROKEN if element.problems or BROKEN in values.values() else values

    return read


def _read_anything(notes: Notes, element: Element, label: str) -> Any:
    found = [*flaws(element)]
    return notes.broken(found) if found else plain_value(element)


def _scalar_plan(wanted: Type) -> Plan:
    if not isinstance(wanted, SCALAR_TYPES):
        return lambda notes, element, label: _misshapen(notes, element, label, described(wanted))
    made = partial(convert, wanted=wanted)
    by_parts = _dict_plan(_plan(FloatType())) if isinstance(wanted, TimeDeltaType) else None

    def read(notes: Notes, element: Element, label: str) -> Any:
        if isinstance(element, Scalar):
            return notes.attempt(element, label, made, element)
        if by_parts and isinstance(element, Mapping):
            parts = by_parts(notes, element, label)
            if parts is BROKEN:
                return BROKEN
            return notes.attempt(element, label, duration_of_parts, parts)
        return _misshapen(notes, element, label, described(wanted))

    return read


def _misshapen(notes: Notes, element: Element, label: str, expected: str) -> Any:
    if isinstance(element, Unreadable):
        return notes.broken([element.problem])
    return notes.unfit(element, label, expected)
