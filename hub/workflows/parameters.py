"""The parameters of a workflow: what values they take, and how texts become such values."""

import json
import math
import re
import secrets
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self

import msgspec
from msgspec import Meta

from hub.config.fields import OneOrMany
from hub.config.problems import closest
from hub.config.quantities import duration, time_of_day
from hub.errors import Invalid

LARGEST_SEED = 2**64 - 1
RANDOM = "random"
SIDES = ("width", "height")
"""What a resolution is made of."""


class ParameterType(StrEnum):
    """The kinds of values. Files are given by path or by their name in the input store."""

    TEXT = "text"
    PROMPT = "prompt"
    TEMPLATE = "template"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    SELECT = "select"
    SEED = "seed"
    COLOR = "color"
    COLOR_RGB = "color_rgb"
    TIME = "time"
    DATETIME = "datetime"
    DURATION = "duration"
    OBJECT = "object"
    MODEL = "model"
    LORA = "lora"
    SAMPLER = "sampler"
    RESOLUTION = "resolution"
    FOLDER = "folder"
    IMAGE = "image"
    IMAGES = "images"
    VIDEO = "video"
    MASK = "mask"
    MEDIA = "media"
    FILE = "file"

    @property
    def is_file(self) -> bool:
        return self in _FILES

    @property
    def is_path(self) -> bool:
        """Whether it is a file or a folder."""
        return self.is_file or self is ParameterType.FOLDER


_FILES = {
    ParameterType.IMAGE,
    ParameterType.IMAGES,
    ParameterType.VIDEO,
    ParameterType.MASK,
    ParameterType.MEDIA,
    ParameterType.FILE,
}
_LARGEST_SIDE = 2**16
_NUMBERS = {ParameterType.INTEGER, ParameterType.NUMBER}


class Parameter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One parameter: which input of which nodes it fills, and what it may be."""

    node: Annotated[
        OneOrMany[str],
        Meta(description="Id of the node; several nodes get the same value.", min_length=1),
    ]
    input: Annotated[
        str,
        Meta(description="Name of the nodes' input; a `resolution` fills `width` and `height`."),
    ] = ""
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

    @property
    def inputs(self) -> tuple[str, ...]:
        """The inputs of each node that it fills."""
        return SIDES if self.type is ParameterType.RESOLUTION else (self.input,)

    @property
    def without_limits(self) -> Self:
        """The same for any number."""
        return msgspec.structs.replace(self, min=None, max=None)

    def __post_init__(self) -> None:
        self._check_input()
        if self.type not in _NUMBERS and (self.min, self.max) != (None, None):
            raise ValueError(f"a parameter of type {self.type.value} has neither min nor max")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min ({self.min:g}) is more than max ({self.max:g})")
        if (self.type is ParameterType.SELECT) != bool(self.options):
            raise ValueError("a parameter of type select, and no other, has options")

    def _check_input(self) -> None:
        is_pair = self.type is ParameterType.RESOLUTION
        if is_pair and self.input:
            raise ValueError("a parameter of type resolution has no input: it is width and height")
        if not is_pair and not self.input:
            raise ValueError(f"a parameter of type {self.type.value} needs an input")


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


def _color_rgb(name: str, value: Any) -> int:
    """Red, green and blue, or `#rrggbb`, as the one number that nodes take."""
    found = _from_json(value) if isinstance(value, str) else value
    if isinstance(value, str) and re.fullmatch(r"#[0-9a-fA-F]{6}", value.strip()):
        found = list(bytes.fromhex(value.strip()[1:]))
    is_color = isinstance(found, list) and len(found) == 3
    if not is_color or any(type(part) is not int or not 0 <= part <= 255 for part in found):
        raise BadValue(name, value, "a colour such as [255, 204, 0] or #ffcc00")
    red, green, blue = found
    return int(red << 16 | green << 8 | blue)


def _time(name: str, value: Any) -> str:
    try:
        return time_of_day(str(value)).isoformat()
    except ValueError as error:
        raise BadValue(name, value, "a time of day such as 07:30") from error


def _duration(name: str, value: Any) -> float:
    """In seconds."""
    try:
        return duration(str(value)).total_seconds()
    except ValueError as error:
        raise BadValue(name, value, "a duration such as 30s, 1h30m or 00:05:00") from error


def _resolution(name: str, value: Any) -> str:
    """As `1024x768`; also from a pair, or a mapping of width and height, and JSON of them."""
    if isinstance(value, str) and (
        sides := re.fullmatch(r"\s*(\d{1,5})\s*[xX×]\s*(\d{1,5})\s*", value)
    ):
        found: Any = list(map(int, sides.groups()))
    else:
        found = _from_json(value) if isinstance(value, str) else value
    if isinstance(found, dict) and found.keys() == set(SIDES):
        found = [found[side] for side in SIDES]
    is_pair = isinstance(found, list) and len(found) == len(SIDES)
    if not is_pair or any(type(side) is not int or not 0 < side <= _LARGEST_SIDE for side in found):
        raise BadValue(name, value, "a width and a height such as 1024x768")
    return "x".join(map(str, found))


def sides_of(resolution: str) -> dict[str, int]:
    """Width and height of what a `resolution` was converted to."""
    return dict(zip(SIDES, map(int, resolution.split("x")), strict=True))


def _folder(name: str, value: Any) -> str:
    text = _text(name, value)
    if not text:
        raise BadValue(name, value, "the path of a folder")
    return text


def _object(name: str, value: Any) -> Any:
    """Any JSON, also written in a text."""
    found = _from_json(value) if isinstance(value, str) else value
    if not isinstance(found, dict | list):
        raise BadValue(name, value, "a mapping or a list, or JSON of one")
    return found


def _from_json(text: str) -> Any:
    try:
        return json.loads(text)  # may hold surrogate escapes
    except (ValueError, RecursionError):
        return None


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
    return _from_json(text)


_CONVERTERS: dict[ParameterType, Callable[[str, Any], Any]] = {
    ParameterType.TEXT: _text,
    ParameterType.PROMPT: _text,
    ParameterType.TEMPLATE: _text,
    ParameterType.INTEGER: _integer,
    ParameterType.NUMBER: _number,
    ParameterType.BOOLEAN: _boolean,
    ParameterType.SELECT: _text,
    ParameterType.SEED: _seed,
    ParameterType.COLOR: _color,
    ParameterType.COLOR_RGB: _color_rgb,
    ParameterType.TIME: _time,
    ParameterType.DATETIME: _datetime,
    ParameterType.DURATION: _duration,
    ParameterType.OBJECT: _object,
    ParameterType.MODEL: _text,
    ParameterType.LORA: _text,
    ParameterType.SAMPLER: _text,
    ParameterType.RESOLUTION: _resolution,
    ParameterType.FOLDER: _folder,
    ParameterType.IMAGE: _file,
    ParameterType.IMAGES: _files,
    ParameterType.VIDEO: _file,
    ParameterType.MASK: _file,
    ParameterType.MEDIA: _file,
    ParameterType.FILE: _file,
}
