"""The parameters of a workflow: what values they take, and how texts become such values."""

import json
import math
import re
import secrets
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hub.config.fields import OneOrMany
from hub.config.problems import closest
from hub.errors import Invalid

LARGEST_SEED = 2**64 - 1
RANDOM = "random"


class ParameterType(StrEnum):
    """The kinds of values. Files are given by path or by their name in the input store."""

    TEXT = "text"
    PROMPT = "prompt"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    SELECT = "select"
    SEED = "seed"
    COLOR = "color"
    DATETIME = "datetime"
    MODEL = "model"
    SAMPLER = "sampler"
    IMAGE = "image"
    IMAGES = "images"
    VIDEO = "video"
    MASK = "mask"
    FILE = "file"

    @property
    def is_file(self) -> bool:
        return self in _FILES


_FILES = {
    ParameterType.IMAGE,
    ParameterType.IMAGES,
    ParameterType.VIDEO,
    ParameterType.MASK,
    ParameterType.FILE,
}
_NUMBERS = {ParameterType.INTEGER, ParameterType.NUMBER}


class Parameter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One parameter: which input of which nodes it fills, and what it may be."""

    node: Annotated[
        OneOrMany[str],
        Meta(description="Id of the node; several nodes get the same value.", min_length=1),
    ]
    input: Annotated[str, Meta(description="Name of the nodes' input.")]
    type: Annotated[ParameterType, Meta(description="What kind of value it takes.")]
    required: Annotated[bool, Meta(description="Whether a run must give it.")] = False
    default: Annotated[
        Any, Meta(description="Without it, what the graph has stays; a seed's may be `random`.")
    ] = None
    min: Annotated[float | None, Meta(description="Smallest number.")] = None
    max: Annotated[float | None, Meta(description="Largest number.")] = None
    options: Annotated[list[str] | None, Meta(description="What a `select` may be.")] = None
    multiline: Annotated[bool, Meta(description="For forms: several lines.")] = False
    label: Annotated[str, Meta(description="What people call it.")] = ""

    def __post_init__(self) -> None:
        if self.type not in _NUMBERS and (self.min, self.max) != (None, None):
            raise ValueError(f"a parameter of type {self.type.value} has neither min nor max")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min ({self.min:g}) is more than max ({self.max:g})")
        if (self.type is ParameterType.SELECT) != bool(self.options):
            raise ValueError("a parameter of type select, and no other, has options")


class BadValue(Invalid):
    """A value does not fit its parameter."""

    def __init__(self, name: str, value: Any, wanted: str, suggestion: str | None = None) -> None:
        hint = f" Did you mean {suggestion!r}?" if suggestion else ""
        super().__init__(f"Parameter {name!r} must be {wanted}, not {str(value)[:100]!r}.{hint}")


def converted(name: str, parameter: Parameter, value: Any) -> Any:
    """`value` as the parameter's type; texts come from templates and forms. Raises `BadValue`."""
    result = _CONVERTERS[parameter.type](name, value)
    options = parameter.options
    if options is not None and result not in options:
        raise BadValue(name, value, f"one of {', '.join(options)}", closest(result, options))
    if parameter.min is not None and result < parameter.min:
        raise BadValue(name, value, f"at least {parameter.min:g}")
    if parameter.max is not None and result > parameter.max:
        raise BadValue(name, value, f"at most {parameter.max:g}")
    return result


def converted_like(held: Any, name: str, value: Any) -> Any:
    """`value` as the kind of constant that an undeclared input holds. Raises `BadValue`."""
    match held:
        case bool():
            return _boolean(name, value)
        case int() | float():
            number = _number(name, value)
            return _integer(name, value) if number.is_integer() else number
        case str():
            return _text(name, value)
    return value


def _text(name: str, value: Any) -> str:
    if isinstance(value, dict | list | None):
        raise BadValue(name, value, "a text")
    return str(value)


def _integer(name: str, value: Any) -> int:
    number = _number(name, value)
    if number != int(number):
        raise BadValue(name, value, "a whole number")
    return int(value) if isinstance(value, int | str) and _is_whole(value) else int(number)


def _is_whole(value: int | str) -> bool:
    return isinstance(value, int) or re.fullmatch(r"\s*[+-]?\d+\s*", value) is not None


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise BadValue(name, value, "a number")
    try:
        number = float(value)
    except ValueError as error:
        raise BadValue(name, value, "a number") from error
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise BadValue(name, value, "a finite number")
    return number


def _boolean(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in ("true", "yes", "on", "1"):
        return True
    if word in ("false", "no", "off", "0"):
        return False
    raise BadValue(name, value, "true or false")


def _seed(name: str, value: Any) -> int:
    if value == RANDOM:
        return secrets.randbits(64)
    seed = _integer(name, value)
    if not 0 <= seed <= LARGEST_SEED:
        raise BadValue(name, value, f"between 0 and {LARGEST_SEED}, or random")
    return seed


def _color(name: str, value: Any) -> str:
    text = _text(name, value)
    if not re.fullmatch(r"#[0-9a-fA-F]{3}|#[0-9a-fA-F]{6}|[a-zA-Z]+", text):
        raise BadValue(name, value, "a colour such as #ffcc00 or white")
    return text


def _datetime(name: str, value: Any) -> str:
    """As ISO 8601 writes it."""
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError as error:
        raise BadValue(name, value, "a date and time such as 2026-12-24 18:00") from error
    return moment.isoformat()


def _file(name: str, value: Any) -> str:
    text = _text(name, value)
    if not text:
        raise BadValue(name, value, "the path of a file")
    return text


def _files(name: str, value: Any) -> list[str]:
    """A list, a JSON list in a text, or one name per line."""
    files = _listed(value) if isinstance(value, str) else value
    if not isinstance(files, list) or not files:
        raise BadValue(name, value, "a list of at least one file")
    return [_file(name, item) for item in files]


def _listed(text: str) -> Any:
    if not text.lstrip().startswith("["):
        return [line for line in text.splitlines() if line.strip()]
    try:
        return json.loads(text)  # file names may hold surrogate escapes
    except ValueError:
        return None


_CONVERTERS: dict[ParameterType, Callable[[str, Any], Any]] = {
    ParameterType.TEXT: _text,
    ParameterType.PROMPT: _text,
    ParameterType.INTEGER: _integer,
    ParameterType.NUMBER: _number,
    ParameterType.BOOLEAN: _boolean,
    ParameterType.SELECT: _text,
    ParameterType.SEED: _seed,
    ParameterType.COLOR: _color,
    ParameterType.DATETIME: _datetime,
    ParameterType.MODEL: _text,
    ParameterType.SAMPLER: _text,
    ParameterType.IMAGE: _file,
    ParameterType.IMAGES: _files,
    ParameterType.VIDEO: _file,
    ParameterType.MASK: _file,
    ParameterType.FILE: _file,
}
