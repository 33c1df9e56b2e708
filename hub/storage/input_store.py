"""The input store: files from outside, kept by the hash of their content.

They are copied, never hard-linked: a link shares its bytes with the original, and a program that
edits the original in place would change what runs have used and what a repeated run will get.
Where the file system can clone a file (Btrfs, XFS), the copy shares blocks until one side changes.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import os
import re
import secrets
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from hub.crash import crash_point
from hub.errors import Conflict, Unavailable
from hub.records.media import Inspection
from hub.storage.syncing import sync
from hub.together import Together

STORE_NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{1,8}")
_FICLONE = 0x40049409  # linux/fs.h: share the blocks of another file of the same file system
_PIECE = 1 << 20
_THREADS = 4  # they share the disk's syncs
_AT_ONCE = 16
_File = tuple[Path, Inspection]


class InputChanged(Conflict):
    """The file no longer has the content that was inspected."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} changed after it was looked at; it will be looked at again.")


class StoreUnwritable(Unavailable):
    """The store cannot take a file, most often because the disk is full."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"The input store {folder} cannot take a file: {reason}.")


class InputStore:
    """Files under `<folder>/<first two digits of the hash>/<sha256>.<ext>`, read-only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._admissions = Together(self._admit_all, at_once=_THREADS, most=_AT_ONCE)
        self._removing = threading.Lock()

    def path_of(self, name: str) -> Path:
        """Where the file that `admit` named lies."""
        return self._folder / name[:2] / name

    async def touch(self, name: str) -> bool:
        """Whether the file is there; it counts as new from now on, and is not removed so soon."""
        return await asyncio.to_thread(self._touch, self.path_of(name), None)

    def remove(self, name: str, *, older_than: float) -> int:
        """Remove a file unless it was admitted or touched since, in seconds since 1970.

        Gives its size; 0 if it stays. Not for the loop's thread.
        """
        path = self.path_of(name)
        with self._removing, contextlib.suppress(FileNotFoundError):
            status = path.stat()
            if status.st_mtime < older_than:
                path.unlink()
                return status.st_size
        return 0

    async def admit(self, path: Path, inspection: Inspection) -> str:
        """Take a durable copy; gives its name, `<sha256>.<ext>`.

        Raises `InputChanged` if the file no longer has the inspected content, `StoreUnwritable`
        if the copy cannot be written.
        """
        return await self._admissions.ask((path, inspection))

    async def _admit_all(self, files: Sequence[_File]) -> Sequence[str | Exception]:
        return await asyncio.to_thread(lambda: [self._admit(*file) for file in files])

    def _admit(self, path: Path, inspection: Inspection) -> str | Exception:
        name = f"{inspection.sha256}.{_extension(path, inspection)}"
        target = self.path_of(name)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if not self._touch(target, inspection.size):
                self._take(path, inspection, target)
            # Also for one that is there already: its rename may still be on its way to the disk.
            sync(target.parent)
        except OSError as error:
            return StoreUnwritable(self._folder, (error.strerror or str(error)).lower())
        except InputChanged as changed:
            return changed
        return name

    def _touch(self, target: Path, size: int | None) -> bool:
        with self._removing, contextlib.suppress(FileNotFoundError):
            if size in (None, target.stat().st_size):
                os.utime(target)
                return True
        return False

    def _take(self, path: Path, inspection: Inspection, target: Path) -> None:
        try:
            source = path.open("rb")
        except OSError:
            raise InputChanged(path) from None
        temporary = target.with_name(f"{target.name}.{secrets.token_hex(8)}.part")
        try:
            with source:
                if _copy(source, temporary) != inspection.sha256:
                    raise InputChanged(path)
            crash_point("input_copied")
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)


def _extension(path: Path, inspection: Inspection) -> str:
    """The file name's, if it is a plain one, else the name of the format."""
    suffix = path.suffix[1:].lower()
    if re.fullmatch("[a-z0-9]{1,8}", suffix):
        return suffix
    return inspection.media.format if inspection.media else "bin"


def _copy(source: BinaryIO, temporary: Path) -> str:
    """Copy, sync, and give the SHA-256 of what was written."""
    descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o444)
    with os.fdopen(descriptor, "w+b") as copy:
        if _clone(source, copy):
            digest = hashlib.file_digest(copy, "sha256")
        else:
            digest = hashlib.sha256()
            while piece := source.read(_PIECE):
                digest.update(piece)
                copy.write(piece)
            copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest()


def _clone(source: BinaryIO, copy: BinaryIO) -> bool:
    """Share the source's blocks; False where the file system cannot."""
    with contextlib.suppress(OSError):
        fcntl.ioctl(copy.fileno(), _FICLONE, source.fileno())
        return True
    return False
