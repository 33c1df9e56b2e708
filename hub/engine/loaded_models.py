"""The model files that a worker has loaded, or is about to for the runs that it was handed."""

from collections.abc import Iterable

MOST_REMEMBERED = 16


class LoadedModels:
    """Remembers names; a worker is told apart by its process, so a new one has none.

    State: `_told` are what the worker said; `_expected` those that runs named which it was handed
    after that, the latest last.
    """

    def __init__(self) -> None:
        self._told: frozenset[str] = frozenset()
        self._expected: dict[str, None] = {}

    def note(self, names: Iterable[str]) -> None:
        """A run that names these files was handed over."""
        for name in sorted(names):
            self._expected.pop(name, None)
            self._expected[name] = None
        while len(self._expected) > MOST_REMEMBERED:
            del self._expected[next(iter(self._expected))]

    def learn(self, names: Iterable[str], expected: Iterable[str]) -> None:
        """The worker told what it has loaded; `expected` are the files of the runs it still has."""
        self._told = frozenset(names)
        self._expected = {}
        self.note(expected)

    def fit(self, names: Iterable[str]) -> bool:
        """Whether a run that names these files has to load none of them; so it is with no files."""
        return all(name in self._told or name in self._expected for name in names)
