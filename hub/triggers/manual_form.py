"""One field of the form that a manual trigger shows."""

import math
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta


class WrongValue(ValueError):
    """A value does not fit; the text goes on from the field's name."""


class FieldType(StrEnum):
    """What a field takes. A file is named by its path, or as an upload was."""

    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    SELECT = "select"
    FILE = "file"


_SAMPLES: dict[FieldType, Any] = {
    FieldType.TEXT: "sample",
    FieldType.NUMBER: 1.5,
    FieldType.INTEGER: 1,
    FieldType.BOOLEAN: True,
    FieldType.FILE: "sample.png",
}
_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


class FormField(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A field: its type, what may stand in it, and what does if nothing is filled in."""

    type: Annotated[FieldType, Meta(description="What it takes.")] = FieldType.TEXT
    description: Annotated[str, Meta(description="What it is for.")] = ""
    required: Annotated[bool, Meta(description="Whether it must be filled in.")] = False
    default: Annotated[Any, Meta(description="Its value if nothing is filled in.")] = None
    options: Annotated[list[str], Meta(description="With `select`: the choices.")] = []
    min: Annotated[float | None, Meta(description="The smallest number.")] = None
    max: Annotated[float | None, Meta(description="The largest number.")] = None

    def __post_init__(self) -> None:
        if (self.type is FieldType.SELECT) != bool(self.options):
            raise ValueError("`options` go with `type: select`, which needs them.")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("`min` is more than `max`, so no number fits.")
        if self.default is not None:
            try:
                self.value(self.default)
            except WrongValue as wrong:
                raise ValueError(f"The `default` {wrong}.") from None

    def value(self, given: Any) -> Any:
        """What was filled in, as this type. Raises `WrongValue`."""
        if given is None or given == "":
            if self.required and self.default is None:
                raise WrongValue("must be filled in")
            return self.default
        match self.type:
            case FieldType.NUMBER | FieldType.INTEGER:
                return self._number(given)
            case FieldType.BOOLEAN:
                return _boolean(given)
            case FieldType.SELECT if str(given) not in self.options:
                raise WrongValue(f"must be one of {', '.join(self.options)}, not {given!r}")
        return str(given)

    def sample(self) -> Any:
        """A value that could have been filled in."""
        if self.default is not None:
            return self.default
        if self.type is FieldType.SELECT:
            return self.options[0]
        return self.min if self.min is not None else _SAMPLES[self.type]

    def _number(self, given: Any) -> float | int:
        wanted = int if self.type is FieldType.INTEGER else float
        try:
            number = wanted(str(given))
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            kind = "a whole number" if wanted is int else "a number"
            raise WrongValue(f"must be {kind}, not {given!r}")
        if self.min is not None and number < self.min:
            raise WrongValue(f"must be at least {self.min:g}, not {number:g}")
        if self.max is not None and number > self.max:
            raise WrongValue(f"must be at most {self.max:g}, not {number:g}")
        return number


def _boolean(given: Any) -> bool:
    text = str(given).lower()
    if text not in (*_TRUE, *_FALSE):
        raise WrongValue(f"must be true or false, not {given!r}")
    return text in _TRUE
