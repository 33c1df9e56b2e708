"""Durations and sizes as people write them."""

import re
from datetime import time, timedelta

_CLOCK = re.compile(r"(\d+):([0-5]?\d)(?::([0-5]?\d(?:\.\d+)?))?")
_NUMBER = re.compile(r"\d+(?:\.\d*)?|\.\d+")
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)\s*")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)")

_TIME = re.compile(r"(\d\d?):(\d\d)(?::(\d\d))?", re.ASCII)
# Beyond it, a moment plus or minus a duration might be in no year that can be written.
_LONGEST = timedelta(days=36_525)

_SECONDS: dict[str, float] = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), 0.001),
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hour", "hours"), 3600),
    **dict.fromkeys(("d", "day", "days"), 86_400),
    **dict.fromkeys(("w", "week", "weeks"), 604_800),
}
_PREFIXES = "kmgt"
_BYTES: dict[str, int] = {
    **dict.fromkeys(("", "b"), 1),
    **{f"{prefix}b": 1000**power for power, prefix in enumerate(_PREFIXES, 1)},
    **{f"{prefix}ib": 1024**power for power, prefix in enumerate(_PREFIXES, 1)},
}


def duration(text: str) -> timedelta:
    """A duration: `2s`, `10 min`, `1h30m`, `00:05:00`, `00:05` (hours and minutes) or seconds.

    Raises `ValueError` for anything else.
    """
    text = text.strip().lower()
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds = clock.groups(default="0")
        return _elapsed(int(hours) * 3600 + int(minutes) * 60 + float(seconds))
    if _NUMBER.fullmatch(text):
        return _elapsed(float(text))
    parts = _PART.findall(text)
    if not parts or _PART.sub("", text) or any(unit not in _SECONDS for _, unit in parts):
        raise ValueError(f"{text!r} is no duration")
    return _elapsed(sum(float(count) * _SECONDS[unit] for count, unit in parts))


def time_of_day(text: str) -> time:
    """A local time: `07:30`, `7:30` or `07:30:15`. Raises `ValueError` for anything else."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no time of day such as 07:30:00")
    hour, minute, second = (int(part or 0) for part in match.groups())
    return time(hour, minute, second)


def duration_of_parts(parts: dict[str, float]) -> timedelta:
    """A duration written as a mapping: `{hours: 1, minutes: 30}`.

    Raises `ValueError` for an unknown unit or a negative duration.
    """
    unknown = parts.keys() - _SECONDS.keys()
    if unknown:
        raise ValueError(f"has no unit of time {min(unknown)!r}")
    return _elapsed(sum(count * _SECONDS[unit] for unit, count in parts.items()))


def duration_text(duration: timedelta) -> str:
    """A duration as people write it, such as `14d` or `1h30m`."""
    seconds = round(duration.total_seconds())
    parts = []
    for unit, length in (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def byte_count(text: str) -> int:
    """A size in bytes: `500 MB` (a million each), `1.5 GiB` (1024³ each) or a plain number.

    Raises `ValueError` for anything else.
    """
    match = _SIZE.fullmatch(text.strip().lower())
    if match is None or match[2] not in _BYTES:
        raise ValueError(f"{text!r} is no size")
    return round(float(match[1]) * _BYTES[match[2]])


def _elapsed(seconds: float) -> timedelta:
    if seconds > _LONGEST.total_seconds():
        raise ValueError("is a duration of more than a hundred years")
    if seconds < 0:
        raise ValueError("must not be negative")
    return timedelta(seconds=seconds)
