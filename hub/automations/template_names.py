"""The names that templates know besides Jinja's own: Home Assistant's, under the same spelling.

Everything is a function of its arguments and of the moment and zone it is given, so that a template
rendered again gives the same text.
"""

import base64
import hashlib
import json
import random
import re
import statistics
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_MISSING = object()
LARGEST_RANGE = 100_000


def names_at(moment: datetime, zone: ZoneInfo) -> dict[str, Callable[..., Any]]:
    """Functions that depend on the time or the zone."""
    local = moment.astimezone(zone)

    def today_at(text: str = "00:00") -> datetime:
        return datetime.combine(local.date(), time.fromisoformat(text), tzinfo=zone)

    def as_local(value: datetime) -> datetime:
        return _aware(value, zone).astimezone(zone)

    def as_datetime(value: Any, default: Any = _MISSING) -> Any:
        return _as_datetime(value, zone, default)

    def as_timestamp(value: Any, default: Any = _MISSING) -> Any:
        found = _as_datetime(value, zone, default)
        return found.timestamp() if isinstance(found, datetime) else found

    def timestamp_custom(
        value: float, pattern: str = "%Y-%m-%d %H:%M:%S", local_time: bool = True
    ) -> str:
        return datetime.fromtimestamp(float(value), zone if local_time else UTC).strftime(pattern)

    def relative_time(value: datetime) -> str:
        return _relative(moment - _aware(value, zone))

    return {
        "now": lambda: local,
        "utcnow": lambda: moment.astimezone(UTC),
        "today_at": today_at,
        "as_datetime": as_datetime,
        "as_timestamp": as_timestamp,
        "as_local": as_local,
        "timestamp_custom": timestamp_custom,
        "relative_time": relative_time,
    }


def _as_datetime(value: Any, zone: ZoneInfo, default: Any) -> Any:
    try:
        if isinstance(value, datetime):
            return _aware(value, zone)
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        return _aware(datetime.fromisoformat(str(value)), zone)
    except (ValueError, OverflowError):
        return _or_default(default, f"{value!r} is no date and time")


def _aware(value: datetime, zone: ZoneInfo) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=zone)


def _relative(passed: timedelta) -> str:
    seconds = abs(passed.total_seconds())
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        count = int(seconds // length)
        if count:
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "0 seconds"


def _or_default(default: Any, problem: str) -> Any:
    if default is _MISSING:
        raise ValueError(problem)
    return default


def to_float(value: Any, default: Any = _MISSING) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        return _or_default(default, f"{value!r} is no number")


def to_int(value: Any, default: Any = _MISSING, base: int = 10) -> Any:
    try:
        return int(value, base) if isinstance(value, str) else int(value)
    except (TypeError, ValueError):
        return _or_default(default, f"{value!r} is no whole number")


def to_bool(value: Any, default: Any = _MISSING) -> Any:
    if isinstance(value, bool | int | float):
        return bool(value)
    word = str(value).strip().lower()
    if word in ("true", "yes", "on", "enable", "1"):
        return True
    if word in ("false", "no", "off", "disable", "0"):
        return False
    return _or_default(default, f"{value!r} is neither true nor false")


def slugify(text: Any, separator: str = "_") -> str:
    plain = unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", separator, plain).strip(separator)


def ordinal(value: Any) -> str:
    number = int(value)
    teens = 10 <= abs(number) % 100 <= 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(abs(number) % 10, 'th')}"


def regex_match(value: Any, pattern: str, ignorecase: bool = False) -> bool:
    return re.match(pattern, str(value), _flags(ignorecase)) is not None


def regex_search(value: Any, pattern: str, ignorecase: bool = False) -> bool:
    return re.search(pattern, str(value), _flags(ignorecase)) is not None


def regex_replace(value: Any, find: str, replace: str = "", ignorecase: bool = False) -> str:
    return re.sub(find, replace, str(value), flags=_flags(ignorecase))


def regex_findall(value: Any, pattern: str, ignorecase: bool = False) -> list[Any]:
    return re.findall(pattern, str(value), _flags(ignorecase))


def _flags(ignorecase: bool) -> re.RegexFlag:
    return re.IGNORECASE if ignorecase else re.NOFLAG


def digest(algorithm: str) -> Callable[[Any], str]:
    return lambda value: hashlib.new(
        algorithm, str(value).encode(errors="surrogateescape")
    ).hexdigest()


def base64_encode(value: Any) -> str:
    return base64.b64encode(str(value).encode()).decode()


def base64_decode(value: Any) -> str:
    return base64.b64decode(str(value)).decode()


def iif(value: Any, if_true: Any = True, if_false: Any = False, if_none: Any = _MISSING) -> Any:
    if value is None and if_none is not _MISSING:
        return if_none
    return if_true if value else if_false


def combine(*mappings: Mapping[str, Any], recursive: bool = False) -> dict[str, Any]:
    """Later mappings win; `recursive` also joins mappings inside them."""
    result: dict[str, Any] = {}
    for mapping in mappings:
        for key, value in mapping.items():
            if recursive and isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
                value = combine(result[key], value, recursive=True)
            result[key] = value
    return result


def flatten(values: Iterable[Any], levels: int = -1) -> list[Any]:
    result: list[Any] = []
    for value in values:
        if isinstance(value, list | tuple) and levels != 0:
            result.extend(flatten(value, levels - 1))
        else:
            result.append(value)
    return result


def difference(first: Iterable[Any], second: Iterable[Any]) -> list[Any]:
    other = list(second)
    return [value for value in first if value not in other]


def intersect(first: Iterable[Any], second: Iterable[Any]) -> list[Any]:
    other = list(second)
    return [value for value in first if value in other]


def union(first: Iterable[Any], second: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys([*first, *second]))


def _numbers(function: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    """As in Home Assistant: given one list or several values."""

    def apply(*values: Any) -> Any:
        return function(list(values[0]) if len(values) == 1 else list(values))

    return apply


def bounded_range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) > LARGEST_RANGE:
        raise ValueError(f"a range of {len(numbers)} is more than {LARGEST_RANGE}")
    return numbers


PURE: dict[str, Callable[..., Any]] = {
    "timedelta": timedelta,
    "from_json": json.loads,
    "to_json": lambda value, indent=None: json.dumps(value, indent=indent, default=str),
    "regex_match": regex_match,
    "regex_search": regex_search,
    "regex_replace": regex_replace,
    "regex_findall": regex_findall,
    "slugify": slugify,
    "ordinal": ordinal,
    "md5": digest("md5"),
    "sha1": digest("sha1"),
    "sha256": digest("sha256"),
    "sha512": digest("sha512"),
    "base64_encode": base64_encode,
    "base64_decode": base64_decode,
    "float": to_float,
    "int": to_int,
    "bool": to_bool,
    "average": _numbers(statistics.fmean),
    "median": _numbers(statistics.median),
    "min": _numbers(min),
    "max": _numbers(max),
    "iif": iif,
    "combine": combine,
    "flatten": flatten,
    "difference": difference,
    "intersect": intersect,
    "union": union,
    "zip": lambda *lists: list(zip(*lists, strict=False)),
    "random": lambda values: random.choice(list(values)),  # noqa: S311 - a dice, not a secret
}
GLOBAL_ONLY: dict[str, Callable[..., Any]] = {"range": bounded_range}
"""Jinja has filters of these names already, or they make no sense as filters."""
TESTS: dict[str, Callable[..., Any]] = {
    "match": regex_match,
    "search": regex_search,
    "contains": lambda values, value: value in values,
}
