"""What ComfyUI's first node API says of types and options, in terms of ours."""

import math
from collections.abc import Mapping
from typing import Any

from hub.nodes.api import COMBO

ANYTHING = "*"
_NO_TYPE = "\0no type is called so"


def type_name(kind: Any) -> str:
    """The type's name on the wire.

    A list is the choices of a COMBO. Packs make types that equal every other by overriding
    comparison; these are `*`, whatever they are called.
    """
    if isinstance(kind, list | tuple):
        return COMBO.name
    if kind == _NO_TYPE or not (kind != _NO_TYPE):  # noqa: SIM202 - they differ there
        return ANYTHING
    return str.__str__(kind) if isinstance(kind, str) else str(kind)


def limit(value: Any) -> int | float | None:
    """A minimum, maximum or step; None for what is no finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return value


def plain(value: Any) -> Any:
    """`value` as JSON can carry it; what is none is told by its name."""
    match value:
        case bool() | int() | None:
            return value
        case str():
            return str.__str__(value)
        case float():
            return value if math.isfinite(value) else None
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in value]
    return getattr(value, "__name__", None) or type(value).__name__


def takes_any_name(section: Any) -> bool:
    """Whether a section of inputs says yes to every name, as flexible packs have it."""
    return _NO_TYPE in section
