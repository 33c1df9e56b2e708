"""What is noted while elements are read: mistakes, and where structs were written."""

from collections.abc import Callable, Iterable
from typing import Any

from hub.config.elements import Element, Scalar, quoted
from hub.config.positions import Positions
from hub.config.problems import Place, Problem, Problems
from hub.config.scalars import Unfit

BROKEN: Any = object()
"""Stands for a value that could not be read; so does whatever holds one."""


class Notes:
    """Whatever notes a mistake gives `BROKEN`."""

    def __init__(self, problems: Problems) -> None:
        self.positions = Positions()
        self.problems = problems

    def attempt(
        self, element: Element, label: str, action: Callable[..., Any], *arguments: Any
    ) -> Any:
        """What `action` gives; `Unfit` and other `ValueError`s become a problem of the element."""
        try:
            return action(*arguments)
        except Unfit as unfit:
            return self.unfit(element, label, unfit.expected, unfit.suggestion)
        except ValueError as error:
            return self.flawed(element.place, f"{label} {error}", _shown(element))

    def unfit(
        self, element: Element, label: str, expected: str, suggestion: str | None = None
    ) -> Any:
        """The element must be something else."""
        message = f"{label} must be {expected}, not {quoted(element)}"
        return self.flawed(element.place, message, _shown(element), suggestion)

    def flawed(
        self, place: Place, message: str, value: str | None = None, suggestion: str | None = None
    ) -> Any:
        """One mistake."""
        self.problems.add(place, message, value=value, suggestion=suggestion)
        return BROKEN

    def broken(self, problems: Iterable[Problem]) -> Any:
        """Mistakes that were found before."""
        self.problems.extend(problems)
        return BROKEN


def _shown(element: Element) -> str | None:
    """The element's text, for those who show the value by itself."""
    if isinstance(element, Scalar):
        return quoted(element) if element.secret else element.text
    return None
