"""Positions: where in the files each value of a struct was written."""

from collections.abc import Iterator
from collections.abc import Mapping as MappingABC

from msgspec import Struct

from hub.config.elements import Element, Mapping, Sequence
from hub.config.problems import Place


class Positions:
    """Remembers the elements that structs were read from, for checks that come later.

    A struct is known by identity, so a changed copy has no position.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[Struct, Place, MappingABC[str, Element]]] = {}

    def remember(self, struct: Struct, place: Place, given: MappingABC[str, Element]) -> None:
        """`given` are the struct's keys, in their present spelling, with what was written."""
        self._known[id(struct)] = (struct, place, given)

    def structs(self) -> Iterator[Struct]:
        """All of them, in the order in which they were read."""
        return (struct for struct, _, _ in self._known.values())

    def of(self, struct: Struct, *path: str | int) -> Place:
        """Where the value at `path` begins: keys and indices from the struct inwards.

        What was left out is where the innermost thing around it begins.
        """
        _, place, given = self._known[id(struct)]
        if not path or (element := given.get(str(path[0]))) is None:
            return place
        return _descend(element, path[1:]).place


def _descend(element: Element, path: tuple[str | int, ...]) -> Element:
    for step in path:
        match element, step:
            case Mapping(), str() if (inner := element.get(step)) is not None:
                element = inner
            case Sequence(items=items), int() if step < len(items):
                element = items[step]
            case _:
                return element
    return element
