"""What a node shows (its `ui`), as plain JSON that the hub can keep and pass on."""

import json
from typing import Any

import msgspec

from hub.errors import Invalid

LARGEST = 16 << 20
DEEPEST = 100


class NotShowable(Invalid):
    """A node shows something that is no JSON."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"What it shows (`ui`) cannot be written as JSON: {reason}.")


class ShowsTooMuch(Invalid):
    """A node shows more than the hub keeps with a run."""

    def __init__(self, size: int) -> None:
        super().__init__(
            f"It shows {size / 2**20:.0f} MiB (`ui`), and {LARGEST >> 20} MiB is the most. What is"
            " large belongs into a file."
        )


def plain(ui: Any) -> dict[str, Any]:
    """`ui` as what JSON gives back; objects that JSON does not know become their `repr`.

    Raises `NotShowable`, `ShowsTooMuch`, and whatever the `repr` of an object raises. Numbers that
    JSON does not know (NaN, infinity) become null.
    """
    try:
        text = _encoded(ui)
    except (TypeError, ValueError, RecursionError) as error:
        raise NotShowable(_reason(error)) from None
    if len(text) > LARGEST:
        raise ShowsTooMuch(len(text))
    shown: dict[str, Any] = json.loads(text)
    if _is_deep(text) and _depth(shown) > DEEPEST:
        raise NotShowable(f"it is nested more than {DEEPEST} deep")
    return shown


def _encoded(ui: Any) -> bytes:
    try:
        return msgspec.json.encode(ui)
    except (UnicodeEncodeError, OverflowError, TypeError):
        return json.dumps(msgspec.to_builtins(ui, str_keys=True, enc_hook=repr)).encode()


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it contains itself, or is nested without end"
    return str(error).rstrip(".")


def _is_deep(text: bytes) -> bool:
    """Whether it may be: a quick look, as hardly anything is."""
    return text.count(b"[") + text.count(b"{") > DEEPEST


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level:
        depth += 1
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return depth
