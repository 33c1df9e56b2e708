"""Numbers and truth in templates, under Home Assistant's names and with its meaning."""

import math
import statistics
from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import Undefined

from hub.automations.template_times import REQUIRED

_TRUE = {"1", "true", "yes", "on", "enable"}
_FALSE = {"0", "false", "no", "off", "disable"}


def to_float(value: Any, default: Any = REQUIRED) -> Any:
    """A number from a text or number."""
    return _converted(float, value, default, "number")


def to_int(value: Any, default: Any = REQUIRED, base: int = 10) -> Any:
    """A whole number; what stands after the point falls away."""

    def convert(value: Any) -> int:
        if not isinstance(value, str):
            return int(value)
        try:
            return int(value, base)
        except ValueError:
            return int(float(value))

    return _converted(convert, value, default, "whole number")


def to_bool(value: Any, default: Any = REQUIRED) -> Any:
    """True for true, yes, on, enable, 1 and other numbers; false for their opposites."""

    def convert(value: Any) -> bool:
        word = str(value).strip().lower()
        if word in _TRUE | _FALSE:
            return word in _TRUE
        return float(value) != 0

    return _converted(convert, value, default, "truth value")


def round_number(
    value: Any, precision: int = 0, method: str = "common", default: Any = REQUIRED
) -> Any:
    """Rounded to so many decimals: `common`, `ceil`, `floor`, or `half` for steps of one half."""
    number = to_float(value, default if default is REQUIRED else None)
    if number is None:
        return default
    rounded = _rounding(method)(number, precision)
    return int(rounded) if precision == 0 and method != "half" else rounded


def add(value: Any, amount: Any, default: Any = REQUIRED) -> Any:
    """The sum of a number, or a text that spells one, and another."""
    return _converted(lambda number: float(number) + amount, value, default, "number")


def multiply(value: Any, amount: Any, default: Any = REQUIRED) -> Any:
    """Their product."""
    return _converted(lambda number: float(number) * amount, value, default, "number")


def average(*values: Any, default: Any = REQUIRED) -> Any:
    """The mean of a list, which a default may follow, or of the arguments."""
    return _of_numbers(statistics.fmean, values, default)


def median(*values: Any, default: Any = REQUIRED) -> Any:
    """The middle value of a list, which a default may follow, or of the arguments."""
    return _of_numbers(statistics.median, values, default)


def iif(value: Any, if_true: Any = True, if_false: Any = False, if_none: Any = REQUIRED) -> Any:
    """One of three values, by whether `value` is true, false or none."""
    if value is None and if_none is not REQUIRED:
        return if_none
    return if_true if value else if_false


def is_defined(value: Any) -> Any:
    """The value; an error where there is none."""
    if isinstance(value, Undefined):
        value._fail_with_undefined_error()
    return value


def log(value: Any, base: float = math.e, default: Any = REQUIRED) -> Any:
    """A logarithm, the natural one unless a base is given."""
    return _converted(lambda number: math.log(float(number), base), value, default, "number > 0")


def sqrt(value: Any, default: Any = REQUIRED) -> Any:
    """The square root."""
    return _converted(
        lambda number: math.sqrt(float(number)), value, default, "number of 0 or more"
    )


def of_angle(function: Callable[[float], float]) -> Callable[..., Any]:
    """A function of trigonometry, angles in radians, with a default for what it cannot take."""

    def calculated(value: Any, default: Any = REQUIRED) -> Any:
        return _converted(lambda number: function(float(number)), value, default, "fitting number")

    return calculated


def atan2(y: Any, x: Any, default: Any = REQUIRED) -> Any:
    """The angle of a point, in radians."""
    return _converted(lambda both: math.atan2(*map(float, both)), (y, x), default, "point")


def clamp(value: Any, lowest: Any, highest: Any) -> Any:
    """The number, or the limit that it passes."""
    return max(lowest, min(highest, to_float(value) if isinstance(value, str) else value))


def is_number(value: Any) -> bool:
    """Whether it is a finite number, or a text that spells one."""
    try:
        return not isinstance(value, bool) and math.isfinite(float(value))
    except (ValueError, TypeError, OverflowError):
        return False


def _converted(convert: Callable[[Any], Any], value: Any, default: Any, kind: str) -> Any:
    try:
        return convert(value)
    except (ValueError, TypeError, OverflowError) as error:
        if default is REQUIRED:
            raise ValueError(f"{value!r} is no {kind}, and no default is given") from error
        return default


def _rounding(method: str) -> Callable[[float, int], float]:
    match method:
        case "common":
            return round
        case "ceil":
            return lambda number, precision: math.ceil(number * 10**precision) / 10**precision
        case "floor":
            return lambda number, precision: math.floor(number * 10**precision) / 10**precision
        case "half":
            return lambda number, _: round(number * 2) / 2
    raise ValueError(f"{method!r} is no way of rounding; there are common, ceil, floor and half")


def _of_numbers(
    function: Callable[[list[float]], float], values: tuple[Any, ...], default: Any
) -> Any:
    items: Iterable[Any] = values
    if values and isinstance(values[0], Iterable) and not isinstance(values[0], str):
        items, default = values[0], values[1] if len(values) > 1 else default
    numbers = [to_float(value) for value in items]
    if not numbers and default is not REQUIRED:
        return default
    return function(numbers)
