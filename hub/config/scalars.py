"""From the text of a scalar to the type that is wanted.

Only the wanted type decides: `5` is a text where a text is wanted and a number where a number is,
quoted or not.
"""

import operator
import re
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from msgspec.inspect import (
    BoolType,
    DateTimeType,
    DateType,
    EnumType,
    FloatType,
    IntType,
    LiteralType,
    StrType,
    TimeDeltaType,
    TimeType,
    Type,
)

from hub.config.elements import Scalar, is_null, scalar_value
from hub.config.problems import closest
from hub.config.quantities import byte_count, duration, time_of_day

N = TypeVar("N", int, float)

_LIMITS: tuple[tuple[str, str, Callable[[float, float], bool]], ...] = (
    ("ge", "at least", operator.ge),
    ("gt", "more than", operator.gt),
    ("le", "at most", operator.le),
    ("lt", "less than", operator.lt),
    ("multiple_of", "a multiple of", lambda value, unit: value % unit == 0),
)


class Unfit(ValueError):
    """A value is not what is wanted. `expected` goes on from "must be"."""

    def __init__(self, expected: str, suggestion: str | None = None) -> None:
        super().__init__(f"must be {expected}")
        self.expected = expected
        self.suggestion = suggestion


def convert(scalar: Scalar, wanted: Type) -> Any:
    """The scalar as a value of the wanted type. Raises `Unfit`."""
    return _CONVERTERS[type(wanted)](scalar, wanted)


def in_bytes(scalar: Scalar) -> Scalar:
    """The scalar with its size, such as `500 MB`, written as a number. Raises `Unfit`."""
    try:
        size = byte_count(scalar.text)
    except ValueError:
        raise Unfit("a size such as 500 MB or 2 GiB") from None
    return Scalar(str(size), scalar.place, secret=scalar.secret)


def description(wanted: Type) -> str:
    """What the type is called after "must be"."""
    if isinstance(wanted, EnumType | LiteralType):
        return f"one of {', '.join(map(str, _choices(wanted)))}"
    return _DESCRIPTIONS[type(wanted)]


def _boolean(scalar: Scalar, wanted: Type) -> bool:
    value = _plainly(scalar)
    if isinstance(value, bool):
        return value
    raise Unfit(description(wanted))


def _integer(scalar: Scalar, wanted: IntType) -> int:
    value = _plainly(scalar)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unfit(description(wanted))
    return _within(value, wanted)


def _number(scalar: Scalar, wanted: FloatType) -> float:
    value = _plainly(scalar)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit(description(wanted))
    return _within(float(value), wanted)


def _text(scalar: Scalar, wanted: StrType) -> str:
    if is_null(scalar):
        raise Unfit(description(wanted))
    text = scalar.text
    if wanted.min_length is not None and len(text) < wanted.min_length:
        raise Unfit(f"at least {_characters(wanted.min_length)} long")
    if wanted.max_length is not None and len(text) > wanted.max_length:
        raise Unfit(f"at most {_characters(wanted.max_length)} long")
    if wanted.pattern is not None and not re.search(wanted.pattern, text):
        raise Unfit(f"a text that matches {wanted.pattern}")
    return text


def _choice(scalar: Scalar, wanted: EnumType | LiteralType) -> Any:
    choices = _choices(wanted)
    if scalar.text in choices:
        return choices[scalar.text]
    raise Unfit(description(wanted), closest(scalar.text, choices))


def _choices(wanted: EnumType | LiteralType) -> dict[str, Any]:
    return _members(wanted.cls) if isinstance(wanted, EnumType) else _literals(wanted.values)


@cache
def _members(kind: type[Enum]) -> dict[str, Any]:
    return {str(member.value): member for member in kind}


@cache
def _literals(values: tuple[Any, ...]) -> dict[str, Any]:
    return {str(value): value for value in values}


def _by_text(convert_text: Callable[[str], Any]) -> Callable[[Scalar, Type], Any]:
    def converted(scalar: Scalar, wanted: Type) -> Any:
        try:
            return convert_text(scalar.text)
        except ValueError:
            raise Unfit(description(wanted)) from None

    return converted


def _plainly(scalar: Scalar) -> str | int | float | bool | None:
    return scalar_value(Scalar(scalar.text, scalar.place))


def _within(value: N, wanted: IntType | FloatType) -> N:
    for name, words, holds in _LIMITS:
        limit = getattr(wanted, name)
        if limit is not None and not holds(value, limit):
            raise Unfit(f"{words} {str(limit).removesuffix('.0')}")
    return value


def _characters(count: int) -> str:
    return "1 character" if count == 1 else f"{count} characters"


_DESCRIPTIONS: dict[type[Type], str] = {
    BoolType: "true or false",
    IntType: "a whole number",
    FloatType: "a number",
    StrType: "a text",
    TimeDeltaType: "a duration such as 30s, 1h30m or 00:05:00",
    TimeType: "a time of day such as 07:30:00",
    DateType: "a date such as 2026-12-24",
    DateTimeType: "a date and time such as 2026-12-24 18:00",
}
_CONVERTERS: dict[type[Type], Callable[[Scalar, Any], Any]] = {
    # In the order in which a union tries them.
    BoolType: _boolean,
    IntType: _integer,
    FloatType: _number,
    TimeDeltaType: _by_text(duration),
    TimeType: _by_text(time_of_day),
    DateType: _by_text(date.fromisoformat),
    DateTimeType: _by_text(datetime.fromisoformat),
    LiteralType: _choice,
    EnumType: _choice,
    StrType: _text,
}
SCALAR_TYPES = tuple(_CONVERTERS)
