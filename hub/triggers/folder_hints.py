"""Hints that something may have changed in a folder, gathered until somebody looks.

The kernel's word is only a reason to look: events are lost when its queue overflows, and a folder
made a moment ago may hold files that no event told of. Every `_DOUBT` hints the whole folder is
due to be looked through. The kernel's queue holds far more than that (16,384 by default), and
what it dropped while full was there before the events still in it were read. So a look through
the whole folder follows every overflow.
"""

import asyncio
import os
import threading
import warnings
from collections.abc import Collection
from types import TracebackType
from typing import Self

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from hub.threads import to_thread_and_back
from hub.triggers.folder_scan import Places

_DOUBT = 4_000
# Not every single write: a growing file would drown all else, and settling finds it anyway.
_TELLING: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileMovedEvent,
]
_VACATING = (DirDeletedEvent, DirMovedEvent, FileDeletedEvent, FileMovedEvent)
# watchdog learns twice of a folder that is made in one just made, and says so; it does no harm.
warnings.filterwarnings("ignore", "Callback with id", RuntimeWarning, "watchdog")


class Hints(FileSystemEventHandler):
    """Where to look next in the folder `root`.

    State, under `_lock` because the kernel's word arrives in a thread: `_paths` and `_trees` wait
    to be looked at, `_vacated` are those of them that a file or folder has left, `_count` hints
    came since the whole folder was last due because of their number. `_observed` is device and
    inode of the folder that `_observer` watches, and `_real` its path without links: watchdog
    follows none.
    """

    def __init__(self, root: str, *, recursive: bool) -> None:
        self._root = root
        self._recursive = recursive
        self._lock = threading.Lock()
        self._paths: set[str] = set()
        self._trees: set[str] = set()
        self._vacated: set[str] = set()
        self._count = 0
        self._arrived = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._observer: BaseObserver | None = None
        self._observed: tuple[int, int] | None = None
        self._real = root

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self._unobserve)

    async def observe(self) -> None:
        """Take hints from the kernel, if not done already for the folder as it is there now.

        Raises `OSError` if there is no such folder, or the kernel watches too much already.
        """
        await to_thread_and_back(self._observe)

    def look_at(self, path: str) -> None:
        """Something happened to this file."""
        self._add(paths={path})

    def look_everywhere(self) -> None:
        """Anything may have happened."""
        self._add(trees={self._root})

    async def taken(self) -> Places:
        """Wait for hints, and take them all."""
        await self._arrived.wait()
        with self._lock:
            self._arrived.clear()
            places = Places(
                paths=frozenset(self._paths),
                trees=frozenset(self._trees),
                vacated=frozenset(self._vacated),
            )
            self._paths.clear()
            self._trees.clear()
            self._vacated.clear()
        return places

    def dispatch(self, event: FileSystemEvent) -> None:
        """Called by watchdog, in its thread."""
        source, target = (os.fsdecode(path) for path in (event.src_path, event.dest_path))
        places = {self._named(path) for path in (source, target) if path}
        if isinstance(event, _VACATING):
            self._vacate(self._named(source))
        if event.is_directory:
            self._add(trees=places)
        else:
            self._add(paths=places)

    def _named(self, path: str) -> str:
        """The name below the root of what watchdog calls by its real path."""
        below = path.removeprefix(self._real)
        return path if below == path else self._root + below

    def _vacate(self, path: str) -> None:
        """To be followed by a hint to look there."""
        with self._lock:
            self._vacated.add(path)

    def _add(self, *, paths: Collection[str] = (), trees: Collection[str] = ()) -> None:
        with self._lock:
            self._paths.update(paths)
            self._trees.update(trees)
            self._count += len(paths) + len(trees)
            if self._count >= _DOUBT:
                self._count = 0
                self._trees.add(self._root)
        self._loop.call_soon_threadsafe(self._arrived.set)

    def _observe(self) -> None:
        status = os.stat(self._root)  # noqa: PTH116 - a text with surrogates
        if self._observed == (status.st_dev, status.st_ino):
            return
        self._unobserve()
        self._real = os.path.realpath(self._root)
        observer = Observer()
        observer.schedule(self, self._real, recursive=self._recursive, event_filter=_TELLING)
        observer.start()
        self._observer, self._observed = observer, (status.st_dev, status.st_ino)

    def _unobserve(self) -> None:
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()
        self._observer = self._observed = None
