"""Putting files under final names: exactly once, whole, and never over another file.

Three steps, each of which a crash may follow. The name is reserved in the database; the file is
linked (or copied, across file systems) under it in a way that refuses to overwrite, and synced;
the caller's transaction marks it done. Done again after a crash, the first step finds the
reservation, the second finds the file with the right content and adopts it.
"""

import contextlib
import errno
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Connection

from hub.crash import crash_point
from hub.errors import Conflict, NotFound, Unavailable
from hub.records.placement import Placement
from hub.storage.database import Database
from hub.storage.placements import Wanted, forget, reserve
from hub.storage.syncing import sync

MOST_NAMES_TRIED = 10_000


class NameTaken(Conflict):
    """Every name that was tried belongs to another file."""

    def __init__(self, wanted: Wanted) -> None:
        super().__init__(
            f"No free name for {wanted.stem}{wanted.suffix} in {wanted.folder}: "
            f"{MOST_NAMES_TRIED} names are taken. Clear the folder, or change the name."
        )


class PlacingFailed(Unavailable):
    """The file system refused the file."""

    def __init__(self, path: Path, cause: OSError) -> None:
        advice = {
            errno.ENOSPC: "The disk is full: free some space and run it again.",
            errno.EDQUOT: "The disk quota is used up: free some space and run it again.",
            errno.EACCES: "The hub may not write there: change the folder's permissions.",
            errno.EROFS: "The file system is read-only.",
        }.get(cause.errno or 0, f"{cause.strerror or cause}.")
        super().__init__(f"{path} could not be written. {advice}")


class SourceGone(NotFound):
    """The file that was to be placed is no longer there."""

    def __init__(self, source: Path) -> None:
        super().__init__(f"{source} was to be put under its final name, but is gone.")


class Placing:
    """Puts files under final names."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counters: dict[tuple[Path, str], int] = {}

    def put(
        self, wanted: Sequence[Wanted], reserving: Callable[[Connection], None] | None = None
    ) -> list[Placement]:
        """Reserve a name for each, put the files there and sync them. Not for the loop's thread.

        `reserving` is written together with the reservations. The caller marks the placements done
        (`mark_done`) in the transaction that records what they are for.
        Raises `PlacingFailed`, `NameTaken`, `SourceGone`.
        """
        if not wanted:
            return []
        self._look_at_folders(wanted)
        placed: list[Placement] = []
        waiting = list(wanted)
        while waiting:
            placements = self._reserve_all(waiting, reserving)
            crash_point("after_reserve")
            refused = _link_all(waiting, placements)
            placed += [p for p, taken in zip(placements, refused, strict=True) if not taken]
            waiting = [w for w, taken in zip(waiting, refused, strict=True) if taken]
        crash_point("after_link")
        order = {(item.owner, item.slot): index for index, item in enumerate(wanted)}
        return sorted(placed, key=lambda placement: order[placement.owner, placement.slot])

    def _reserve_all(
        self, wanted: list[Wanted], reserving: Callable[[Connection], None] | None
    ) -> list[Placement]:
        def work(connection: Connection) -> list[Placement]:
            if reserving is not None:
                reserving(connection)
            return [self._reserve(connection, item) for item in wanted]

        return self._database.write_here(work)

    def _reserve(self, connection: Connection, wanted: Wanted) -> Placement:
        key = (wanted.folder, wanted.stem)
        counter = self._counters.get(key, 0) + 1 if wanted.counted else 0
        for number in range(counter, counter + MOST_NAMES_TRIED):
            path = wanted.name(number)
            if wanted.counted:
                self._counters[key] = number
            if os.path.lexists(path):
                continue
            placement = reserve(connection, wanted, path)
            if placement and placement.path != path and not _still_ours(placement, wanted):
                forget(connection, placement)
                placement = reserve(connection, wanted, path)
            if placement:
                return placement
        raise NameTaken(wanted)

    def _look_at_folders(self, wanted: Sequence[Wanted]) -> None:
        """Make the folders; where names are counted, go on from the highest number there."""
        for item in wanted:
            key = (item.folder, item.stem)
            if item.counted and key in self._counters:
                continue
            try:
                item.folder.mkdir(parents=True, exist_ok=True)
                if item.counted:
                    self._counters[key] = _highest_counter(item.folder, item.stem)
            except OSError as error:
                raise PlacingFailed(item.folder, error) from error


def _still_ours(known: Placement, wanted: Wanted) -> bool:
    """Whether the reserved name can be used: it is free, or holds just this content."""
    return not os.path.lexists(known.path) or _holds(known.path, wanted)


def _holds(path: Path, wanted: Wanted) -> bool:
    try:
        if path.stat().st_size != wanted.size:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == wanted.sha256
    except OSError:
        return False


def _highest_counter(folder: Path, stem: str) -> int:
    pattern = re.compile(re.escape(stem) + r"_(\d{1,9})_?\.\w+")
    with os.scandir(folder) as entries:
        found = (pattern.fullmatch(entry.name) for entry in entries)
        return max((int(match[1]) for match in found if match), default=0)


def _link_all(wanted: list[Wanted], placements: list[Placement]) -> list[bool]:
    """Put each file under its name and sync; True where somebody else's file was in the way."""
    taken = [_link(item, place.path) for item, place in zip(wanted, placements, strict=True)]
    for folder in {placement.path.parent for placement in placements}:
        sync(folder)
    return taken


def _link(wanted: Wanted, path: Path) -> bool:
    try:
        if not wanted.source.exists():
            if _holds(path, wanted):
                return False
            raise SourceGone(wanted.source)
        sync(wanted.source)
        if wanted.as_copy:
            _copy_and_link(wanted.source, path)
        else:
            _link_or_copy(wanted.source, path)
    except FileExistsError:
        return not _holds(path, wanted)
    except OSError as error:
        raise PlacingFailed(path, error) from error
    return False


def _link_or_copy(source: Path, path: Path) -> None:
    try:
        os.link(source, path, follow_symlinks=False)
    except OSError as error:
        if error.errno == errno.EXDEV:
            _copy_and_link(source, path)
        elif error.errno in _NO_LINKS:
            _copy(source, path)
        else:
            raise


_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS}


def _copy_and_link(source: Path, path: Path) -> None:
    """A file of its own: whole under a hidden name first, then under the final one."""
    hidden = path.with_name(f".{hashlib.sha256(os.fsencode(path)).hexdigest()[:16]}.hub-part")
    hidden.unlink(missing_ok=True)
    try:
        _copy(source, hidden)
        try:
            os.link(hidden, path)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            _copy(hidden, path)
    finally:
        hidden.unlink(missing_ok=True)


def _copy(source: Path, path: Path) -> None:
    """Exclusive create, where links are missing. A partial copy is taken away again."""
    with source.open("rb") as reader, path.open("xb") as writer:
        try:
            shutil.copyfileobj(reader, writer, 1 << 20)
            writer.flush()
            os.fsync(writer.fileno())
        except OSError:
            with contextlib.suppress(OSError):
                path.unlink()
            raise
