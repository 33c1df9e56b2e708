"""What a class of the third node API declares: inputs and outputs, each of a type."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

Kind = TypeVar("Kind", bound="type[ComfyType]")


class Input:
    """An input that only a link can fill."""

    io_type: ClassVar[str] = "*"
    Parent: ClassVar[Any] = None

    def __init__(
        self,
        id: str,  # noqa: A002 - the documented name
        display_name: str | None = None,
        optional: bool = False,
        tooltip: str | None = None,
        lazy: bool | None = None,
        extra_dict: dict[str, Any] | None = None,
        raw_link: bool | None = None,
        advanced: bool | None = None,
    ) -> None:
        self.id = id
        self.display_name = display_name
        self.optional = optional
        self.tooltip = tooltip
        self.lazy = lazy
        self.extra_dict = extra_dict or {}
        self.raw_link = raw_link
        self.advanced = advanced

    def get_io_type(self) -> str:
        return self.io_type

    def as_dict(self) -> dict[str, Any]:
        """The options under the names of the catalogue; what says nothing is left out."""
        told = {
            "display_name": self.display_name,
            "tooltip": self.tooltip,
            "lazy": self.lazy,
            "rawLink": self.raw_link,
            "advanced": self.advanced,
        }
        return {**told_only(told), **self.extra_dict}


class WidgetInput(Input):
    """An input that may also hold a constant."""

    def __init__(
        self,
        id: str,  # noqa: A002 - the documented name
        display_name: str | None = None,
        optional: bool = False,
        tooltip: str | None = None,
        lazy: bool | None = None,
        default: Any = None,
        socketless: bool | None = None,
        widget_type: str | None = None,
        force_input: bool | None = None,
        **common: Any,
    ) -> None:
        super().__init__(id, display_name, optional, tooltip, lazy, **common)
        self.default = default
        self.socketless = socketless
        self.widget_type = widget_type
        self.force_input = force_input

    def as_dict(self) -> dict[str, Any]:
        told = {
            "default": self.default,
            "socketless": self.socketless,
            "widgetType": self.widget_type,
            "forceInput": self.force_input,
        }
        return {**told_only(told), **super().as_dict()}


class Output:
    """An output of a type."""

    io_type: ClassVar[str] = "*"
    Parent: ClassVar[Any] = None

    def __init__(
        self,
        id: str | None = None,  # noqa: A002 - the documented name
        display_name: str | None = None,
        tooltip: str | None = None,
        is_output_list: bool = False,
    ) -> None:
        self.id = id
        self.display_name = display_name
        self.tooltip = tooltip
        self.is_output_list = is_output_list

    def get_io_type(self) -> str:
        return self.io_type


class ComfyType:
    """A type of values. `Type` is what they are in Python, for annotations."""

    io_type: ClassVar[str]
    Type: ClassVar[Any] = Any


_Input, _Output = Input, Output


class ComfyTypeI(ComfyType):
    """A type that only inputs have."""

    Input: ClassVar[Any] = _Input


class ComfyTypeIO(ComfyTypeI):
    """A type of inputs and outputs."""

    Output: ClassVar[Any] = _Output


def comfytype(io_type: str, **_: Any) -> Callable[[Kind], Kind]:
    """Declares a class to be the type of that name; its inputs and outputs then are of it."""

    def declare(kind: Kind) -> Kind:
        kind.io_type = io_type
        for name in ("Input", "Output"):
            if found := getattr(kind, name, None):
                facts = {"io_type": io_type, "Parent": kind, "__module__": kind.__module__}
                setattr(kind, name, type(name, (found,), facts))
        return kind

    return declare


def Custom(io_type: str) -> type[ComfyTypeIO]:  # noqa: N802 - the documented name
    """The type of that name."""
    made = type(io_type, (ComfyTypeIO,), {"__module__": __name__})
    return comfytype(io_type)(made)


def told_only(facts: dict[str, Any]) -> dict[str, Any]:
    """Those that are not None."""
    return {name: value for name, value in facts.items() if value is not None}
