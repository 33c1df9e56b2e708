"""Reads msgspec structs from YAML elements and notes every mistake with its place.

`msgspec.convert` would stop at the first mistake and knows no places. The reader goes through the
declared types by itself: a part that cannot be read is broken, and so is whatever holds it, but
its neighbours are read on.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar, overload

from hub.config.elements import Element
from hub.config.notes import BROKEN, Notes
from hub.config.plans import plan_of
from hub.config.positions import Positions
from hub.config.problems import Problem, Problems

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading(Generic[T]):
    """One element by itself: its value, or None and the problems that it has."""

    element: Element
    value: T | None
    problems: tuple[Problem, ...]


class Reader:
    """Reads elements into types; problems and positions add up over all that it reads."""

    def __init__(self, problems: Problems) -> None:
        self._notes = Notes(problems)

    @property
    def positions(self) -> Positions:
        """Where the structs that it read were written."""
        return self._notes.positions

    @overload
    def read(self, element: Element, wanted: type[T], label: str = ...) -> T | None: ...
    @overload
    def read(self, element: Element, wanted: Any, label: str = ...) -> Any: ...
    def read(self, element: Element, wanted: Any, label: str = "this") -> Any:
        """The element as the wanted type; None if it has problems, which are then noted.

        Messages call the element by its `label`.
        """
        value = plan_of(wanted)(self._notes, element, label)
        return None if value is BROKEN else value

    def read_alone(self, element: Element, wanted: type[T]) -> Reading[T]:
        """One element by itself; its problems are only in the reading."""
        outer, self._notes.problems = self._notes.problems, Problems()
        try:
            value = self.read(element, wanted)
            return Reading(element=element, value=value, problems=self._notes.problems.in_order())
        finally:
            self._notes.problems = outer
