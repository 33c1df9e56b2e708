"""Looking through a watched folder. Everything here blocks and belongs into a thread."""

import contextlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from hub.records.media import Inspection
from hub.records.sighting import Sighting, SightingState
from hub.triggers.folder_rows import is_unread, lies_below
from hub.triggers.folder_selection import Selection

_SIGNED = (1 << 63) - 1  # what SQLite can hold


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """By what a file is recognised as unchanged: size in bytes, modification time, inode.

    `changed_ns` is when the inode was last touched in any way. No program can set it, so that it
    tells one arrival of a file from another; it takes no part in comparisons.
    """

    size: int
    mtime_ns: int
    inode: int
    changed_ns: int = field(compare=False)

    def matches(self, sighting: Sighting) -> bool:
        """Whether the file is as it was when it was judged."""
        return (self.size, self.mtime_ns, self.inode) == (
            sighting.size,
            sighting.mtime_ns,
            sighting.inode,
        )

    def is_of(self, inspection: Inspection) -> bool:
        """Whether this is the file that was opened."""
        if inspection.mtime_ns is None or inspection.inode is None:
            return False
        return self == _fingerprint(inspection.size, inspection.mtime_ns, inspection.inode, 0)

    def sighting(
        self,
        path: str,
        *,
        state: SightingState,
        reason: str,
        seen_at: datetime,
        sha256: str | None = None,
    ) -> Sighting:
        """A judgement that stands while the file is like this."""
        return Sighting(
            path=Path(path),
            size=self.size,
            mtime_ns=self.mtime_ns,
            inode=self.inode,
            state=state,
            reason=reason,
            seen_at=seen_at,
            sha256=sha256,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """Where to look: at single paths, and through whole trees. `vacated` are those of them from
    which a file or a folder was moved or removed, whatever may be there by now."""

    paths: frozenset[str] = frozenset()
    trees: frozenset[str] = frozenset()
    vacated: frozenset[str] = frozenset()


@dataclass(kw_only=True, slots=True)
class Findings:
    """How a folder differs from what is known of it.

    `fresh` files are new, not as they were judged, or could not be opened then; `missing` ones are
    known but not there; `present` counts the known ones that are. `problems` are sentences about
    folders that could not be looked into; nothing is said to be missing there.
    """

    fresh: dict[str, Fingerprint] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    present: int = 0
    problems: list[str] = field(default_factory=list)


def fingerprint_of(path: str) -> Fingerprint | None:
    """None if there is no regular file at `path` itself; symbolic links are none.

    Raises `OSError` if that cannot be told, as when a share does not answer.
    """
    try:
        status = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return _fingerprint_in(status) if stat.S_ISREG(status.st_mode) else None


def _fingerprint_in(status: os.stat_result) -> Fingerprint:
    return _fingerprint(status.st_size, status.st_mtime_ns, status.st_ino, status.st_ctime_ns)


def _fingerprint(size: int, mtime_ns: int, inode: int, changed_ns: int) -> Fingerprint:
    return Fingerprint(
        size=size,
        mtime_ns=min(mtime_ns, _SIGNED),
        inode=inode & _SIGNED,
        changed_ns=changed_ns,
    )


def scan(selection: Selection, places: Places, known: Mapping[str, Sighting]) -> Findings:
    """Compare `places` with what is known. Raises `OSError` if the root cannot be looked into."""
    return _Scan(selection, known).through(places)


class _Scan:
    """One scan: what it found, and the folders it could not see."""

    def __init__(self, selection: Selection, known: Mapping[str, Sighting]) -> None:
        self._selection = selection
        self._known = known
        self._findings = Findings()
        self._seen: set[str] = set()
        self._hidden: list[str] = []

    def through(self, places: Places) -> Findings:
        for path in places.paths:
            if self._selection.against(path) is None:
                self._look_at(path)
        for tree in places.trees:
            if self._selection.against_tree(tree) is None:
                self._walk(tree)
        if places.trees:
            self._compare(places.trees)
        return self._findings

    def _look_at(self, path: str) -> None:
        try:
            fingerprint = fingerprint_of(path)
        except OSError as error:
            self._problem(path, error)
            return
        if fingerprint is not None:
            self._meet(path, fingerprint)
        elif path in self._known:
            self._findings.missing.append(path)

    def _walk(self, root: str) -> None:
        waiting = [root]
        while waiting:
            folder = waiting.pop()
            try:
                waiting += self._read(folder)
            except (FileNotFoundError, NotADirectoryError):
                if folder == self._selection.root:
                    raise
            except OSError as error:
                if folder == self._selection.root:
                    raise
                self._problem(folder, error)

    def _read(self, folder: str) -> list[str]:
        """Look at the files of one folder; gives the folders in it. Links are not followed."""
        folders = []
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if self._selection.against_folder(entry.path) is None:
                        folders.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    self._look_at_entry(entry)
        return folders

    def _look_at_entry(self, entry: os.DirEntry[str]) -> None:
        if self._selection.against_file(entry.path) is None:
            with contextlib.suppress(FileNotFoundError):  # gone since the folder was read
                self._meet(entry.path, _fingerprint_in(entry.stat(follow_symlinks=False)))

    def _meet(self, path: str, fingerprint: Fingerprint) -> None:
        self._seen.add(path)
        sighting = self._known.get(path)
        self._findings.present += sighting is not None
        if sighting is None or is_unread(sighting) or not fingerprint.matches(sighting):
            self._findings.fresh[path] = fingerprint

    def _compare(self, trees: frozenset[str]) -> None:
        """Note what is known below `trees` and was not met."""
        everywhere = self._selection.root in trees
        for path in self._known.keys() - self._seen:
            if not everywhere and not lies_below(path, trees):
                continue
            if not lies_below(path, self._hidden) and self._selection.against(path) is None:
                self._findings.missing.append(path)

    def _problem(self, path: str, error: OSError) -> None:
        self._hidden.append(path)
        reason = (error.strerror or "unknown reason").lower()
        self._findings.problems.append(f"{path} cannot be looked into: {reason}.")
