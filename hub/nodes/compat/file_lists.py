"""Lists of file names that packs offer as choices, and which folder they came from.

A choice among files is as old as its list. A list that a class hands on unchanged is marked with
its folder, so that the hub lists it anew each time. One that the class has changed (sorted, with
"None" in front) cannot be; its names are remembered, and such a choice is checked in the worker.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_listed: ContextVar[set[str] | None] = ContextVar("listed", default=None)


class FileList(list[str]):
    """The files of a folder key such as `loras`. `folder` is None where the hub cannot list it."""

    def __init__(self, names: list[str], folder: str | None) -> None:
        super().__init__(names)
        self._original = tuple(names)
        self._folder = folder
        if (listed := _listed.get()) is not None:
            listed.update(names)

    @property
    def folder(self) -> str | None:
        """The folder, as long as the list is what is in there."""
        return self._folder if tuple(self) == self._original else None


@contextmanager
def noting_listed_names() -> Iterator[set[str]]:
    """All names that `FileList`s had which were made meanwhile."""
    names: set[str] = set()
    token = _listed.set(names)
    try:
        yield names
    finally:
        _listed.reset(token)
