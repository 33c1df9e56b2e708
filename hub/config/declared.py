"""What types declare: fields, older spellings, and which of a union an element could be."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from msgspec import inspect
from msgspec.inspect import (
    AnyType,
    BoolType,
    DictType,
    Field,
    FloatType,
    FrozenSetType,
    IntType,
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

from hub.config.elements import Element, Mapping, Scalar
from hub.config.fields import ONE_OR_MANY, REWRITE
from hub.config.scalars import SCALAR_TYPES, description

_LISTS = (ListType, VarTupleType, SetType, FrozenSetType)
_MAPPINGS = (StructType, DictType, TimeDeltaType)
_FROM_PLAIN_TEXT = (BoolType, IntType, FloatType)


@cache
def type_info(wanted: Any) -> Type:
    """The type as msgspec sees it."""
    return inspect.type_info(wanted)


def fields_of(struct: StructType) -> dict[str, Field]:
    """The fields by the keys they are written with."""
    return {field.encode_name: field for field in struct.fields}


@cache
def old_keys(struct: type[Any]) -> dict[str, str]:
    """Older spellings of keys, with the present ones."""
    return dict(getattr(struct, "__old_keys__", {}))


@cache
def absent_keys(struct: type[Any]) -> dict[str, str]:
    """Keys that people may look for, with what there is instead."""
    return dict(getattr(struct, "__absent_keys__", {}))


def spellings_of(key: str, structs: Iterable[StructType]) -> set[str]:
    """How a key may be written, older spellings included."""
    old = (older for struct in structs for older, new in old_keys(struct.cls).items() if new == key)
    return {key, *old}


def candidates(element: Element, types: tuple[Type, ...]) -> list[Type]:
    """The types of a union that an element of this shape could be, the strictest first.

    What stands in quotes is rather a text than a number; what `rewritten` knows can have any shape.
    """
    fitting = [choice for choice in types if _fits(element, choice)]
    if isinstance(element, Scalar):
        if not element.plain and any(isinstance(choice, StrType) for choice in fitting):
            fitting = [choice for choice in fitting if not isinstance(choice, _FROM_PLAIN_TEXT)]
        fitting.sort(key=_strictness)
    return fitting


def described(wanted: Type) -> str:
    """What the type is called after "must be"."""
    match wanted:
        case Metadata(type=inner):
            return described(inner)
        case StructType() | DictType():
            return "a mapping"
        case ListType() | VarTupleType() | SetType() | FrozenSetType():
            return "a list"
        case UnionType(types=types):
            return " or ".join(dict.fromkeys(map(described, types)))
        case NoneType():
            return "left empty"
        case AnyType():
            return "anything"
    return description(wanted)


def _fits(element: Element, choice: Type) -> bool:
    inner, marks = choice, {}
    if isinstance(choice, Metadata):
        inner, marks = choice.type, choice.extra or {}
    if marks.get(ONE_OR_MANY) or REWRITE in marks:
        return True
    if isinstance(element, Scalar):
        return isinstance(inner, SCALAR_TYPES)
    return isinstance(inner, _MAPPINGS if isinstance(element, Mapping) else _LISTS)


def _strictness(choice: Type) -> int:
    inner = choice.type if isinstance(choice, Metadata) else choice
    return SCALAR_TYPES.index(type(inner)) if type(inner) in SCALAR_TYPES else len(SCALAR_TYPES)
