"""Selectors: what an input of a blueprint may be, and how a form would ask for it.

The names are Home Assistant's, and ours for files, workflows and models.
"""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from hub.config.elements import Element, Mapping, is_null
from hub.config.problems import Problems, closest
from hub.config.reader import Reader


class _Options(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A selector that takes no options."""

    def wanted(self) -> Any:
        """The type of the values."""
        return Any


class _Boolean(_Options):
    def wanted(self) -> Any:
        return bool


class _Number(_Options):
    min: float | None = None
    max: float | None = None
    step: float | Literal["any"] = 1
    unit_of_measurement: str = ""
    mode: Literal["box", "slider"] = "slider"

    def wanted(self) -> Any:
        return Annotated[float, Meta(ge=self.min, le=self.max)]


class _Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    value: str
    label: str = ""


class _Select(_Options):
    options: list[str | _Choice]
    multiple: bool = False
    custom_value: bool = False
    mode: Literal["list", "dropdown"] = "dropdown"
    sort: bool = False
    translation_key: str = ""

    def wanted(self) -> Any:
        values = tuple(o if isinstance(o, str) else o.value for o in self.options)
        choice: Any = str if self.custom_value or not values else Literal[values]
        return list[choice] if self.multiple else choice


class _Text(_Options):
    multiline: bool = False
    multiple: bool = False
    type: str = "text"
    prefix: str = ""
    suffix: str = ""
    autocomplete: str = ""

    def wanted(self) -> Any:
        return list[str] if self.multiple else str


class _Line(_Options):
    """A text that names something: a folder, a file, a workflow."""

    def wanted(self) -> Any:
        return str


class _File(_Line):
    accept: str = ""


class _Model(_Line):
    folder: str = "checkpoints"


class _Time(_Options):
    def wanted(self) -> Any:
        return time


class _Date(_Options):
    def wanted(self) -> Any:
        return date


class _Moment(_Options):
    def wanted(self) -> Any:
        return datetime


class _Duration(_Options):
    enable_day: bool = False
    enable_millisecond: bool = False
    allow_negative: bool = False

    def wanted(self) -> Any:
        return timedelta


class _Color(_Options):
    def wanted(self) -> Any:
        return Annotated[list[Annotated[int, Meta(ge=0, le=255)]], Meta(min_length=3, max_length=3)]


class _Seed(_Options):
    def wanted(self) -> Any:
        return Literal["random"] | Annotated[int, Meta(ge=0)] | str


class _Constant(_Options):
    value: str | float | bool = ""
    label: str = ""


class _Object(_Options):
    fields: dict[str, Any] = {}
    multiple: bool = False
    label_field: str = ""
    description_field: str = ""
    translation_key: str = ""


KINDS: dict[str, type[_Options]] = {
    "action": _Options,
    "boolean": _Boolean,
    "color_rgb": _Color,
    "condition": _Options,
    "constant": _Constant,
    "date": _Date,
    "datetime": _Moment,
    "duration": _Duration,
    "file": _File,
    "folder": _Line,
    "image": _Line,
    "label": _Line,
    "lora": _Line,
    "mask": _Line,
    "media": _Line,
    "model": _Model,
    "number": _Number,
    "object": _Object,
    "prompt": _Text,
    "resolution": _Line,
    "sampler": _Line,
    "seed": _Seed,
    "select": _Select,
    "template": _Line,
    "text": _Text,
    "time": _Time,
    "trigger": _Options,
    "video": _Line,
    "workflow": _Line,
}


def read_selector(element: Element | None, reader: Reader, problems: Problems) -> Any:
    """The type that values must have; anything where there is no selector, or a broken one."""
    if element is None or is_null(element):
        return Any
    if not isinstance(element, Mapping) or len(element.entries) != 1:
        problems.add(element.place, "a selector names one kind, such as `number: {min: 1}`")
        return Any
    [(kind, options)] = element.entries
    if kind.text not in KINDS:
        message = f"there is no selector {kind.text!r}; there are {', '.join(KINDS)}"
        near = closest(kind.text, KINDS)
        problems.add(kind.place, message, value=kind.text, suggestion=near)
        return Any
    selector = reader.read(options, KINDS[kind.text])
    return Any if selector is None else selector.wanted()
