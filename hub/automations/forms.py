"""What a form asks for to make an automation: from the declarations that the reader checks by."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from typing import Any, get_args

from msgspec import Struct
from msgspec.inspect import (
    BoolType,
    EnumType,
    Field,
    FloatType,
    IntType,
    LiteralType,
    Metadata,
    NoneType,
    StrType,
    StructType,
    TimeDeltaType,
    Type,
    UnionType,
)

from hub.automations.actions.action import AnyAction
from hub.automations.automation import Automation
from hub.automations.conditions.condition import AnyCondition
from hub.automations.trigger import AnyTrigger
from hub.config.declared import fields_of, type_info
from hub.config.fields import BYTE_COUNT, ONE_OR_MANY
from hub.config.quantities import duration_text


@dataclass(frozen=True, kw_only=True, slots=True)
class FormField:
    """One setting. `kind` is text, number, boolean, choice, duration, size, list, section (whose
    settings are `fields`), sections (a list of such), triggers, conditions or actions (a list of
    those), or yaml, for what no simple field can hold. `options` of a text are proposals."""

    name: str
    kind: str
    needed: bool
    help: str
    default: str = ""
    options: tuple[str, ...] = ()
    fields: tuple["FormField", ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FormKind:
    """One kind of trigger, condition or action, by the word that stands for it."""

    name: str
    about: str
    fields: tuple[FormField, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Forms:
    """All there is to make an automation of."""

    automation: tuple[FormField, ...]
    triggers: tuple[FormKind, ...]
    conditions: tuple[FormKind, ...]
    actions: tuple[FormKind, ...]


def forms(workflows: Iterable[str]) -> Forms:
    """Everything that can be written into an automation; `workflows` are the names of all saved."""
    names = tuple(workflows)
    parts = {"triggers", "conditions", "actions"}
    whole = type_info(Automation)
    assert isinstance(whole, StructType)
    return Forms(
        automation=tuple(field for field in _fields(whole) if field.name not in parts),
        triggers=_kinds(AnyTrigger, names),
        conditions=_kinds(AnyCondition, names),
        actions=_kinds(AnyAction, names),
    )


def _kinds(union: Any, workflows: tuple[str, ...]) -> tuple[FormKind, ...]:
    return tuple(
        FormKind(
            name=str(info.tag),
            about=_about(info.cls),
            fields=tuple(_with_workflows(field, workflows) for field in _fields(info)),
        )
        for struct in _structs(union)
        if isinstance(info := type_info(struct), StructType) and info.tag is not None
    )


def _with_workflows(field: FormField, workflows: tuple[str, ...]) -> FormField:
    """The same; where a workflow is named, those that there are are proposed."""
    if field.name == "workflow" and field.kind == "text":
        return replace(field, options=workflows)
    inner = tuple(_with_workflows(each, workflows) for each in field.fields)
    return replace(field, fields=inner)


def _structs(union: Any) -> Iterator[type[Struct]]:
    """The structs of a union, whatever is annotated around it."""
    if isinstance(union, type):
        if issubclass(union, Struct):
            yield union
        return
    for part in get_args(union):
        yield from _structs(part)


def _about(struct: type[Any]) -> str:
    """The first sentence of what is said about it."""
    text = re.sub(r"\s+", " ", struct.__doc__ or "").strip()
    return text.split(". ")[0].rstrip(".") + "."


def _fields(struct: StructType) -> Iterator[FormField]:
    for name, field in fields_of(struct).items():
        inner, marks, help_text = _unwrapped(field.type)
        kind, options = _kind(inner, marks)
        yield FormField(
            name=name,
            kind=kind,
            needed=field.required,
            help=help_text,
            default=_default_text(field),
            options=options,
            fields=tuple(_fields(section)) if (section := _section(inner)) else (),
        )


def _unwrapped(declared: Type) -> tuple[Type, dict[str, Any], str]:
    """The type itself, without `or nothing`; its marks, and its description."""
    marks: dict[str, Any] = {}
    help_text = ""
    while True:
        match declared:
            case Metadata(type=inner, extra=extra, extra_json_schema=schema):
                marks |= extra or {}
                help_text = help_text or (schema or {}).get("description", "")
                declared = inner
            case UnionType(types=types) if _without_none(types) is not None:
                declared = _without_none(types) or declared
            case _:
                return declared, marks, help_text


def _without_none(types: tuple[Type, ...]) -> Type | None:
    """The one type that is left without nothing; None if several are."""
    left = [choice for choice in types if not isinstance(choice, NoneType)]
    return left[0] if len(left) == 1 and len(left) < len(types) else None


def _kind(declared: Type, marks: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    if BYTE_COUNT in marks:
        return "size", ()
    match declared:
        case EnumType(cls=cls):
            return "choice", tuple(str(member.value) for member in cls)
        case LiteralType(values=values):
            return "choice", tuple(map(str, values))
        case StructType():
            return "section", ()
    item = _item(declared)
    if marks.get(ONE_OR_MANY) and isinstance(item, StrType):
        return "list", ()
    return _LISTS.get(_tag_of(item)) or _SIMPLE.get(type(declared), "yaml"), ()


def _section(declared: Type) -> StructType | None:
    """Whose settings are asked for: it itself, or each item of the list."""
    item = _item(declared)
    if isinstance(item, StructType) and not item.tag_field:
        return item
    return declared if isinstance(declared, StructType) else None


def _item(declared: Type) -> Type | None:
    """Of what it is a list; None if it is none."""
    item = getattr(declared, "item_type", None)
    return item and _unwrapped(item)[0]


def _tag_of(item: Type | None) -> str | None:
    """The key that says of which kind an item is; empty for a struct of one kind."""
    if isinstance(item, UnionType):
        return _tag_of(item.types[0])
    return (item.tag_field or "") if isinstance(item, StructType) else None


_LISTS: dict[str | None, str] = {
    "trigger": "triggers",
    "condition": "conditions",
    "action": "actions",
    "": "sections",
}


_SIMPLE: dict[type[Type], str] = {
    BoolType: "boolean",
    FloatType: "number",
    IntType: "number",
    StrType: "text",
    TimeDeltaType: "duration",
}


def _default_text(field: Field) -> str:
    """What holds where nothing is written, as it would be written; empty for what cannot be said
    in a word."""
    match field.default:
        case bool() as value:
            return str(value).lower()
        case Enum(value=value):
            return str(value)
        case timedelta() as value:
            return duration_text(value)
        case str() | int() | float() as value:
            return str(value)
    return ""
