"""Values that a template gives, as they can be kept: what JSON knows."""

import ast
import re
import warnings
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from typing import Any

from jinja2 import Undefined

from hub.automations.template_environment import shown

# Home Assistant takes only such texts for numbers: `007`, `1e5` and `1_000` stay texts.
_NUMBER = re.compile(r"[+-]?(?!0\d)\d+(\.\d*)?|[+-]?\.\d+")


def plain(value: Any) -> Any:
    """The value with times as texts, as Home Assistant writes them, and all that can be listed as
    lists. Raises what the rest of a lazy value raises, and `TypeError` for values of no use."""
    match value:
        case None | bool() | int() | float():
            return value
        case str() | date() | time() | timedelta():
            return str(value)
        case Undefined():
            value._fail_with_undefined_error()
        case Mapping():
            return {_key(key): plain(item) for key, item in value.items()}
        case set():
            return [plain(item) for item in shown(value)]
        case Iterable() if not isinstance(value, bytes):
            return [plain(item) for item in value]
    shown(value)
    raise TypeError(f"it gives a {type(value).__name__}, which cannot be kept")


def literal(text: str) -> Any:
    """The number, truth value, list or mapping that a text spells, as Home Assistant reads it; or
    the text."""
    value = _evaluated(text)
    match value:
        case None | bool() | list() | dict() | tuple() | set():
            try:
                return plain(value)
            except (TypeError, RecursionError):
                return text
        case int() | float() if _NUMBER.fullmatch(text):
            return value
    return text


def _evaluated(text: str) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd escapes in what is only a text
            return ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return text


def _key(key: Any) -> str:
    if isinstance(key, str | int | float):
        return str(key)
    raise TypeError(f"a {type(key).__name__} cannot be the key of a mapping")
