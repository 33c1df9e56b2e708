"""A figure: one line of the results."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What was measured, what came out, and what it is to be held against."""

    what: str
    value: str
    hold: str = ""


def percentile(values: list[float], part: float) -> float:
    """The value below which `part` (0…1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
