"""Hints that files of the configuration may have changed, gathered until somebody looks."""

import asyncio
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog
from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileDeletedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

from hub.threads import to_thread_and_back

log = structlog.get_logger()
FOLDERS = ("automations", "blueprints", "packages", "workflows")
_ENDINGS = (".yaml", ".json")
_TELLING: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileDeletedEvent,
    FileMovedEvent,
]


class ConfigHints(FileSystemEventHandler):
    """Tells of changes of YAML and JSON files in the configuration folder, in those of `FOLDERS`,
    and beside the other `files` that were read.

    The kernel's word is only a reason to read again: who gets none (a share on the network) asks
    for it. `_watches` are by folder and inode, since one that is made anew is another.
    """

    def __init__(self, config: Path) -> None:
        self._config = config
        self._loop = asyncio.get_running_loop()
        self._arrived = asyncio.Event()
        self._observer: BaseObserver | None = None
        self._watches: dict[tuple[Path, int], ObservedWatch | None] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self._unobserve)

    async def observe(self, files: frozenset[Path]) -> None:
        """Look at the folders that there are by now. What changed in a new one before counts as
        well, and in all of them at first."""
        try:
            is_news = await to_thread_and_back(self._observe, files)
        except FileNotFoundError:  # a folder went away meanwhile
            is_news = True
        if is_news:
            self._arrived.set()

    async def wait(self) -> None:
        """Until something may have changed since `taken`."""
        await self._arrived.wait()

    def taken(self) -> None:
        """Whatever changed until now is about to be read."""
        self._arrived.clear()

    def dispatch(self, event: FileSystemEvent) -> None:
        """Called by watchdog, in its thread."""
        paths = (str(event.src_path), str(event.dest_path))
        if event.is_directory or any(path.endswith(_ENDINGS) for path in paths):
            with contextlib.suppress(RuntimeError):  # the hub, and its loop, ended meanwhile
                self._loop.call_soon_threadsafe(self._arrived.set)

    def _observe(self, files: frozenset[Path]) -> bool:
        folders = {(folder, folder.stat().st_ino) for folder in self._folders(files)}
        if folders == self._watches.keys():
            return False
        if self._observer is None:
            self._observer = Observer()
            self._observer.start()
        for gone in self._watches.keys() - folders:
            if watch := self._watches.pop(gone):
                self._observer.unschedule(watch)
        for new in folders - self._watches.keys():
            self._watches[new] = self._watch(self._observer, new[0])
        return True

    def _watch(self, observer: BaseObserver, folder: Path) -> ObservedWatch | None:
        try:
            real = os.path.realpath(folder)  # watchdog follows no links
            return observer.schedule(self, real, event_filter=_TELLING)
        except OSError as error:
            reason = f"{error.strerror}; changes in it are read when asked to"
            log.warning("a folder cannot be watched", folder=str(folder), reason=reason)
            return None

    def _folders(self, files: frozenset[Path]) -> Iterator[Path]:
        yield self._config
        places = {*files, *(file.resolve() for file in files if file.is_symlink())}
        yield from {file.parent for file in places if file.parent.is_dir()}
        for name in FOLDERS:
            folder = self._config / name
            if folder.is_dir():
                yield folder
                yield from (path for path in folder.rglob("*") if path.is_dir())

    def _unobserve(self) -> None:
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()
        self._observer = None
