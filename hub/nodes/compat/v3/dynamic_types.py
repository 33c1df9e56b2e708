"""Inputs of several types, of types that agree, and inputs that depend on the graph."""

from collections.abc import Iterable, Sequence
from typing import Any

from hub.nodes.compat.v3.inputs import ComfyType, ComfyTypeI, WidgetInput, comfytype
from hub.nodes.compat.v3.inputs import Input as AnyInput
from hub.nodes.compat.v3.inputs import Output as AnyOutput
from hub.nodes.compat.v3.link_types import AnyType
from hub.nodes.schema import AUTOGROW, DYNAMIC_COMBO, DYNAMIC_SLOT, MATCH_TYPE

_MOST_NAMES = 100
Types = type[ComfyType] | Iterable[type[ComfyType]]
"""One type or several."""


@comfytype("COMFY_MULTITYPED_V3")
class MultiType(ComfyType):
    """Any of several types; given an input that holds constants, its form is shown."""

    class Input(AnyInput):
        def __init__(self, id: str | WidgetInput, types: Types, *args: Any, **common: Any) -> None:  # noqa: A002 - the documented name
            self.widget = id if isinstance(id, WidgetInput) else None
            self.types = _names(types)
            if self.widget is None:
                super().__init__(str(id), *args, **common)
            else:
                given = {"optional": self.widget.optional, **common}
                super().__init__(self.widget.id, *args, **given)

        def get_io_type(self) -> str:
            first = [] if self.widget is None else [self.widget.get_io_type()]
            return ",".join(dict.fromkeys([*first, *self.types]))

        def as_dict(self) -> dict[str, Any]:
            if self.widget is None:
                return super().as_dict()
            shown = {"widgetType": self.widget.get_io_type()}
            return {**shown, **self.widget.as_dict(), **super().as_dict()}


@comfytype(MATCH_TYPE)
class MatchType(ComfyType):
    """One type for all inputs and outputs of a template."""

    class Template:
        def __init__(self, template_id: str, allowed_types: Types = AnyType) -> None:
            self.template_id = template_id
            self.allowed_types = ",".join(_names(allowed_types))

        def as_dict(self) -> dict[str, str]:
            return {"template_id": self.template_id, "allowed_types": self.allowed_types}

    class Input(AnyInput):
        def __init__(
            self,
            id: str,  # noqa: A002 - the documented name
            template: "MatchType.Template",
            *args: Any,
            **common: Any,
        ) -> None:
            super().__init__(id, *args, **common)
            self.template = template

    class Output(AnyOutput):
        def __init__(self, template: "MatchType.Template", *args: Any, **common: Any) -> None:
            super().__init__(*args, **common)
            self.template = template


@comfytype(AUTOGROW)
class Autogrow(ComfyTypeI):
    """As many inputs like that of the template as the graph gives."""

    Type = dict

    class TemplatePrefix:
        """Called by a prefix and a number below `max`."""

        def __init__(self, input: AnyInput, prefix: str, min: int = 1, max: int = 10) -> None:  # noqa: A002 - the documented names
            if not 0 <= min <= max <= _MOST_NAMES:
                raise ValueError(f"Inputs may grow to {_MOST_NAMES}; {min} to {max} are wanted.")
            self.input, self.prefix, self.min, self.max = input, prefix, min, max

    class TemplateNames:
        """Called by these names."""

        def __init__(self, input: AnyInput, names: Sequence[str], min: int = 1) -> None:  # noqa: A002 - the documented names
            if not 0 <= min <= len(names) <= _MOST_NAMES:
                raise ValueError(f"{min} of {len(names)} inputs are wanted; there may be 100.")
            self.input, self.names, self.min = input, tuple(names), min

    class Input(AnyInput):
        def __init__(
            self,
            id: str,  # noqa: A002 - the documented name
            template: "Autogrow.TemplatePrefix | Autogrow.TemplateNames",
            *args: Any,
            **common: Any,
        ) -> None:
            super().__init__(id, *args, **common)
            self.template = template


@comfytype(DYNAMIC_COMBO)
class DynamicCombo(ComfyTypeI):
    """A choice on which depends which further inputs there are."""

    Type = dict

    class Option:
        def __init__(self, key: str, inputs: Sequence[AnyInput]) -> None:
            self.key, self.inputs = key, inputs

    class Input(AnyInput):
        def __init__(
            self,
            id: str,  # noqa: A002 - the documented name
            options: "Sequence[DynamicCombo.Option]",
            *args: Any,
            **common: Any,
        ) -> None:
            super().__init__(id, *args, **common)
            self.options = options


@comfytype(DYNAMIC_SLOT)
class DynamicSlot(ComfyTypeI):
    """An input that brings others as soon as it is given."""

    Type = dict

    class Input(AnyInput):
        def __init__(self, slot: AnyInput, inputs: Sequence[AnyInput], **common: Any) -> None:
            super().__init__(slot.id, **{**common, "optional": True})
            self.slot, self.inputs = slot, inputs

        def as_dict(self) -> dict[str, Any]:
            forced = {"forceInput": True} if isinstance(self.slot, WidgetInput) else {}
            return {**self.slot.as_dict(), **forced, **super().as_dict()}


def _names(types: Types) -> list[str]:
    kinds = types if isinstance(types, Iterable) else [types]
    return [kind.io_type for kind in kinds]
