"""Lists the files of model folders, which may be many and lie on a slow disk.

Adding, removing or renaming a file changes the time of its directory. So a directory is read again
only when its time has changed, and a list is made anew only when one of its directories was.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

from hub.config.model_folders import ModelFolder

_LEFT_OUT = {".git"}
_SURE_AFTER = 2_000_000_000
"""Nanoseconds after which a further change of a directory must have another time."""

_Identity = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class _Directory:
    """What a directory held at the time it was `changed`. `sure` says that a change which was made
    right after it was read would show."""

    identity: _Identity
    changed: int
    sure: bool
    files: tuple[str, ...]
    below: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Listed:
    """The names of a kind, and the directories that they were in."""

    directories: tuple[_Directory, ...]
    names: tuple[str, ...]


class ModelFiles:
    """Remembers directories by their path, and lists by their kind. Threads may share it."""

    def __init__(self) -> None:
        self._directories: dict[str, _Directory] = {}
        self._listed: dict[ModelFolder, _Listed] = {}

    def names(self, kind: ModelFolder) -> tuple[str, ...]:
        """The files of all folders of that kind, sorted, each relative to its folder."""
        found = [pair for folder in kind.folders for pair in self._below(folder)]
        directories = tuple(directory for _, directory in found)
        listed = self._listed.get(kind)
        if listed is None or listed.directories != directories:
            names = {f"{prefix}{file}" for prefix, one in found for file in one.files}
            listed = _Listed(
                directories, tuple(sorted(map(kind.listed, filter(kind.counts, names))))
            )
            self._listed[kind] = listed
        return listed.names

    def directly_in(self, folder: str) -> list[str]:
        """The files of one folder, without those in folders below."""
        directory = self._directory(folder)
        return sorted(directory.files) if directory else []

    def _below(self, root: str) -> Iterator[tuple[str, _Directory]]:
        """A folder and all below it, links followed, with what to put before their files' names.

        A folder that is its own ancestor, through a link, is not entered again.
        """
        waiting: list[tuple[str, str, frozenset[_Identity]]] = [(root, "", frozenset())]
        while waiting:
            path, prefix, above = waiting.pop()
            directory = self._directory(path)
            if directory is None or directory.identity in above:
                continue
            yield prefix, directory
            ancestors = above | {directory.identity}
            waiting += [
                (f"{path}{os.sep}{name}", f"{prefix}{name}{os.sep}", ancestors)
                for name in directory.below
            ]

    def _directory(self, path: str) -> _Directory | None:
        """None for a folder that is not there, or that may not be read."""
        try:
            status = os.stat(path)  # noqa: PTH116 - of thousands
            known = self._directories.get(path)
            if known is None or not known.sure or known.changed != status.st_mtime_ns:
                known = _read(path, status)
                self._directories[path] = known
        except OSError:
            return None
        return known


def _read(path: str, status: os.stat_result) -> _Directory:
    """Raises `OSError`."""
    files, below = [], []
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.is_file():
                files.append(entry.name)
            elif entry.is_dir() and entry.name not in _LEFT_OUT:
                below.append(entry.name)
    return _Directory(
        identity=(status.st_dev, status.st_ino),
        changed=status.st_mtime_ns,
        # Against the file system's clock, which no other clock of ours stands in for.
        sure=time.time_ns() - status.st_mtime_ns > _SURE_AFTER,
        files=tuple(files),
        below=tuple(below),
    )
