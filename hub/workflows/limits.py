"""The limits of numbers: what a value of a parameter becomes so that it lies within them."""

import math
from collections.abc import Mapping
from typing import Any

from hub.workflows.parameters import Parameter, ParameterType, converted


def within_limits(
    parameters: Mapping[str, Parameter], values: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """The values, numbers beyond a limit become that limit; and in words which did.

    Raises `BadValue` for what is no number.
    """
    result, changed = dict(values), []
    for name, value in values.items():
        parameter = parameters.get(name)
        if value is None or parameter is None or not _is_limited(parameter):
            continue
        number = converted(name, parameter.without_limits, value)
        result[name] = _clamped(parameter, number)
        if result[name] != number:
            changed.append(f"Parameter {name!r}: {number} became {result[name]}, its limit.")
    return result, changed


def _is_limited(parameter: Parameter) -> bool:
    return (parameter.min, parameter.max) != (None, None)


def _clamped(parameter: Parameter, number: float) -> float:
    """Whole numbers go to the next whole one within the limit."""
    is_whole = parameter.type is ParameterType.INTEGER
    if parameter.max is not None and number > parameter.max:
        return math.floor(parameter.max) if is_whole else parameter.max
    if parameter.min is not None and number < parameter.min:
        return math.ceil(parameter.min) if is_whole else parameter.min
    return number
