"""Telling that an input is of another kind than its type says, where that explains an error.

Values are not checked before a call: packs give and take all sorts of things under one name.
"""

from collections.abc import Iterable
from typing import Any

from torch import Tensor

from hub.engine.worker.calls import Inputs
from hub.nodes.api import ExecutionBlocker, Schema
from hub.nodes.pictures import Pictures

_NUMBERS = (bool, int, float)
_KINDS: dict[str, tuple[type, ...]] = {
    "AUDIO": (dict,),
    "BOOLEAN": _NUMBERS,
    "CONDITIONING": (list, tuple),
    "FLOAT": _NUMBERS,
    "IMAGE": (Tensor, Pictures),
    "INT": _NUMBERS,
    "LATENT": (dict,),
    "MASK": (Tensor, Pictures),
    "SIGMAS": (Tensor,),
    "STRING": (str,),
}
"""What values of a type are; of all other types anything."""


def wrong_kinds(schema: Schema, inputs: Inputs) -> str:
    """A sentence on the first input that holds what it should not; empty if none does."""
    for item in schema.inputs:
        kinds = _KINDS.get(item.type)
        if kinds is None or item.lazy:
            continue
        if (wrong := _first_wrong(inputs.get(item.name, ()), kinds, may_lack=item.optional)) != "":
            return (
                f"Its input {item.name!r} is {wrong}, where {_a(item.type)} belongs: look at the "
                "node that feeds it."
            )
    return ""


def _first_wrong(values: Iterable[Any], kinds: tuple[type, ...], *, may_lack: bool) -> str:
    for value in values:
        if isinstance(value, (*kinds, ExecutionBlocker)) or (value is None and may_lack):
            continue
        return "nothing (None)" if value is None else _a(type(value).__name__)
    return ""


def _a(name: str) -> str:
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"
