"""Files in the data folder that may go: inputs, and what was left behind by whatever broke off.

What is measured here is how long ago a file was last written, or an input last admitted.
"""

import contextlib
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hub.config.folders import Folders
from hub.config.retention_settings import FileLimits

A_WHILE = timedelta(days=1)  # what nobody came back for within it was left behind


@dataclass(frozen=True, kw_only=True, slots=True)
class OldFile:
    """A file by its path, its bytes, and when it was last written, in seconds since 1970."""

    path: Path
    size: int
    written: float


def files_below(folder: Path) -> Iterator[OldFile]:
    """Every file there is; one that goes meanwhile is left out."""
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                path = Path(place, name)
                status = path.lstat()
                yield OldFile(path=path, size=status.st_size, written=status.st_mtime)


def unused_inputs(
    store: Path, used: Collection[str], now: datetime, unused_for: timedelta
) -> list[OldFile]:
    """Inputs that nothing refers to, and that nobody has brought again for so long."""
    old = (now - unused_for).timestamp()
    return [file for file in _inputs(store) if file.path.name not in used and file.written < old]


def inputs_beyond(
    store: Path, needed: Collection[str], now: datetime, limits: FileLimits
) -> list[OldFile]:
    """Inputs beyond the limits, though runs that are over refer to them."""
    latest_first = sorted(_inputs(store), key=lambda file: file.written, reverse=True)
    found, count, size = [], 0, 0
    for file in latest_first:
        count, size = count + 1, size + file.size
        too_old = limits.age is not None and file.written < (now - limits.age).timestamp()
        too_many = limits.count is not None and count > limits.count
        too_large = limits.bytes is not None and size > limits.bytes
        if (too_old or too_many or too_large) and file.path.name not in needed:
            found.append(file)
    return found


def leftovers(folders: Folders, now: datetime, unended: Collection[str]) -> list[OldFile]:
    """Uploads, copies and staged files in the making that nobody will finish."""
    old = (now - A_WHILE).timestamp()
    running = tuple(f"{run}-" for run in unended)
    return [
        file
        for file in _in_the_making(folders)
        if file.written < old
        and not (file.path.parent == folders.staging and file.path.name.startswith(running))
    ]


def _in_the_making(folders: Folders) -> Iterator[OldFile]:
    yield from files_below(folders.staging)
    yield from (file for file in files_below(folders.store) if file.path.suffix == ".part")
    for path in folders.data.glob("upload-*"):
        with contextlib.suppress(OSError):
            status = path.stat()
            yield OldFile(path=path, size=status.st_size, written=status.st_mtime)


def _inputs(store: Path) -> Iterable[OldFile]:
    return (file for file in files_below(store) if file.path.suffix != ".part")


def remove(files: Iterable[OldFile]) -> None:
    """Those that can be."""
    for file in files:
        with contextlib.suppress(OSError):
            file.path.unlink()
