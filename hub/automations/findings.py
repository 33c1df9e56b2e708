"""What trying an automation finds: which template is wrong, and why."""

from dataclasses import dataclass
from typing import Any

from msgspec import Struct

from hub.errors import Invalid
from hub.workflows.parameters import Parameter, ParameterType, converted

Way = tuple[str | int, ...]
Spot = tuple[int, Way]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something that is wrong at `way` in a part of an automation, where `source` is written.

    `value` is what does not fit there, if anything was given; `is_of_kind` says whether another
    value of the kind might fit.
    """

    part: Struct
    way: Way
    source: Any
    message: str
    value: Any = None
    is_of_kind: bool = False

    @property
    def spot(self) -> Spot:
        return (id(self.part), self.way)


def misfit(part: Struct, way: Way, source: Any, parameter: Parameter, value: Any) -> Finding | None:
    """Why a parameter, whose name ends the way, does not take a value; None if it does."""
    name = str(way[-1])
    try:
        converted(name, parameter, value)
    except Invalid as error:
        return Finding(
            part=part,
            way=way,
            source=source,
            message=str(error),
            value=value,
            is_of_kind=_is_of_kind(parameter, value),
        )
    return None


def lasting(rounds: list[dict[Spot, Finding]]) -> list[Finding]:
    """What was found in each round, and so has nothing to do with the names that made them differ.

    Where a value does, another might fit after all, if only it is of the right kind.
    """
    first, *others = rounds
    found = []
    for spot, finding in first.items():
        all_of_it = [finding, *(other[spot] for other in others if spot in other)]
        is_same = all(each.value == finding.value for each in all_of_it)
        may_fit = not is_same and any(each.is_of_kind for each in all_of_it)
        if len(all_of_it) == len(rounds) and not may_fit:
            found.append(finding)
    return found


def _is_of_kind(parameter: Parameter, value: Any) -> bool:
    if parameter.type is ParameterType.SELECT:
        return True
    try:
        converted("", parameter.without_limits, value)
    except Invalid:
        return False
    return True
