"""Times in templates, under Home Assistant's names and with its meaning.

A time without an offset is taken as local wherever a moment is needed.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hub.automations.template_rendering import current_rendering
from hub.config.quantities import time_of_day

REQUIRED: Any = object()  # stands for "no default": a value that cannot be read is an error

_UNITS = (
    ("year", timedelta(days=365)),
    ("month", timedelta(days=30)),
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
    ("second", timedelta(seconds=1)),
)


def now() -> datetime:
    """The moment of the rendering, in local time."""
    rendering = current_rendering.get()
    return rendering.now.astimezone(rendering.zone)


def utcnow() -> datetime:
    """The same in UTC."""
    return current_rendering.get().now.astimezone(UTC)


def today_at(text: str = "00:00") -> datetime:
    """Today at that local time, `HH:MM` or `HH:MM:SS`."""
    zone = current_rendering.get().zone
    return datetime.combine(now().date(), time_of_day(text), zone)


def as_datetime(value: Any, default: Any = REQUIRED) -> Any:
    """A datetime from a timestamp or an ISO text."""
    try:
        return _read(value)
    except (ValueError, TypeError, OverflowError, OSError) as error:
        if default is REQUIRED:
            raise ValueError(f"{value!r} is no date and time") from error
        return default


def as_local(value: Any) -> datetime:
    """The same moment in local time."""
    moment = _read(value)
    zone = current_rendering.get().zone
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def is_datetime(value: Any) -> bool:
    """Whether it is a time, and no text that spells one."""
    return isinstance(value, datetime)


def as_timestamp(value: Any, default: Any = REQUIRED) -> Any:
    """Seconds since 1970 UTC."""
    moment = as_datetime(value, default if default is REQUIRED else None)
    return default if moment is None else as_local(moment).timestamp()


def timestamp_custom(
    value: Any,
    format_string: str = "%Y-%m-%d %H:%M:%S",
    local: bool = True,
    default: Any = REQUIRED,
) -> Any:
    """A timestamp written by a strftime format, in local time or UTC."""
    moment = as_datetime(value, default if default is REQUIRED else None)
    if moment is None:
        return default
    shown = as_local(moment)
    return (shown if local else shown.astimezone(UTC)).strftime(format_string)


def timestamp_local(value: Any, default: Any = REQUIRED) -> Any:
    """A timestamp as ISO text in local time."""
    moment = as_datetime(value, default if default is REQUIRED else None)
    return default if moment is None else as_local(moment).isoformat()


def timestamp_utc(value: Any, default: Any = REQUIRED) -> Any:
    """The same in UTC."""
    moment = as_datetime(value, default if default is REQUIRED else None)
    return default if moment is None else as_local(moment).astimezone(UTC).isoformat()


def strptime(value: Any, format_string: str, default: Any = REQUIRED) -> Any:
    """A datetime from a text in a strptime format; without an offset in it, it has none."""
    try:
        return datetime.strptime(value, format_string)  # noqa: DTZ007 - as Home Assistant's
    except (ValueError, TypeError) as error:
        if default is REQUIRED:
            raise ValueError(f"{value!r} is not written as {format_string!r}") from error
        return default


def relative_time(value: Any) -> Any:
    """How long ago a datetime was, in its largest unit; anything else comes back as it is."""
    if not isinstance(value, datetime) or as_local(value) > now():
        return value
    age = now() - as_local(value)
    unit, length = next((each for each in _UNITS if age >= each[1]), _UNITS[-1])
    count = age // length
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _read(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    try:
        return datetime.fromtimestamp(float(value), UTC)
    except ValueError:
        return datetime.fromisoformat(value)
