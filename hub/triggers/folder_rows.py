"""The open rows of one trigger's ledger, kept at hand."""

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from hub.records.sighting import Sighting, SightingState
from hub.triggers.base import Ledger

_AT_ONCE = 500  # rows in one transaction


def is_known(row: Sighting) -> bool:
    """Whether the file has been there whole before; one that was only ever quarantined has not."""
    return row.state is not SightingState.QUARANTINED or row.event is not None


def is_unread(row: Sighting) -> bool:
    """Whether the file could not be read or opened at all, which may change although neither size
    nor time stamp do."""
    return row.state is SightingState.QUARANTINED and row.sha256 is None


def same_content(row: Sighting, other: Sighting) -> bool:
    """Whether `other` has the content of `row`; of a file that was never opened, size and time
    stamp tell."""
    if row.sha256 is None:
        return (row.size, row.mtime_ns) == (other.size, other.mtime_ns)
    return row.sha256 == other.sha256


def lies_below(path: str, folders: Iterable[str]) -> bool:
    return any(path.startswith(folder + os.sep) for folder in folders)


class Rows:
    """What is believed of the files that are there, by path and by inode.

    What the ledger is told is changed here at the same time.
    """

    def __init__(self, ledger: Ledger, sightings: Mapping[Path, Sighting]) -> None:
        self._ledger = ledger
        self._by_path: dict[str, Sighting] = {}
        self._by_inode: defaultdict[int, set[str]] = defaultdict(set)
        for sighting in sightings.values():
            self.keep(sighting)

    def get(self, path: str) -> Sighting | None:
        return self._by_path.get(path)

    def all(self) -> dict[str, Sighting]:
        """A copy that another thread may read."""
        return self._by_path.copy()

    def with_inode(self, inode: int) -> list[Sighting]:
        return [self._by_path[path] for path in self._by_inode.get(inode, ())]

    def below(self, folders: Collection[str]) -> list[str]:
        """The paths that lie in one of these folders, however deep."""
        return [path for path in self._by_path if lies_below(path, folders)]

    def keep(self, sighting: Sighting) -> None:
        """The ledger has this row already."""
        path = os.fspath(sighting.path)
        self._forget(path)
        self._by_path[path] = sighting
        self._by_inode[sighting.inode].add(path)

    async def record(self, sightings: list[Sighting]) -> None:
        """Put rows in place of earlier ones of the same paths."""
        for start in range(0, len(sightings), _AT_ONCE):
            await self._ledger.record(sightings[start : start + _AT_ONCE])
        for sighting in sightings:
            self.keep(sighting)

    async def close(self, paths: Iterable[str]) -> None:
        """The files are gone."""
        gone = list(paths)
        for start in range(0, len(gone), _AT_ONCE):
            await self._ledger.close([Path(path) for path in gone[start : start + _AT_ONCE]])
        for path in gone:
            self._forget(path)

    def _forget(self, path: str) -> None:
        sighting = self._by_path.pop(path, None)
        if sighting is not None:
            self._by_inode[sighting.inode].discard(path)
            if not self._by_inode[sighting.inode]:
                del self._by_inode[sighting.inode]
