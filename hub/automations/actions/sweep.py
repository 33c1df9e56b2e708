"""Sweeps: every combination of the values that a `matrix:` lists."""

from collections.abc import Mapping
from itertools import product
from math import prod
from typing import Any

from hub.automations.actions.base import StepContext
from hub.errors import Invalid

MOST_COMBINATIONS = 1000


class NoValues(Invalid):
    """What a parameter is to go through is no list."""

    def __init__(self, name: str, given: Any) -> None:
        super().__init__(
            f"`matrix` must give a list of at least one value for {name!r}, not "
            f"{str(given)[:100]!r}."
        )


class TooManyCombinations(Invalid):
    """A sweep would take for ever."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"The matrix has {count} combinations; at most {MOST_COMBINATIONS} are run. List fewer "
            "values, or sweep over them in several steps."
        )


async def combinations(matrix: Mapping[str, Any], step: StepContext) -> list[dict[str, Any]]:
    """All of them, the last parameter changing fastest; the one empty combination of no matrix."""
    values = {}
    for name, source in matrix.items():
        values[name] = await step.render(source, native=True)
        if not isinstance(values[name], list) or not values[name]:
            raise NoValues(name, values[name])
    count = prod(map(len, values.values()))
    if count > MOST_COMBINATIONS:
        raise TooManyCombinations(count)
    return [dict(zip(values, chosen, strict=True)) for chosen in product(*values.values())]
