"""The files that a file action works on.

They are kept as they were when its step began, so that after a restart it is known whether they are
still the same.
"""

import hashlib
import os
import stat
from pathlib import Path
from typing import Any

import msgspec

from hub.automations.actions.base import StepContext
from hub.automations.permission import permitted
from hub.errors import HubError, Invalid, NotFound


class NoSuchFile(NotFound):
    """A file that is to be worked on is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"There is no file {path}.")


class NotAFile(Invalid):
    """A path names something else than a file."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is no plain file; folders and links are left alone.")


class FileChanged(HubError):
    """A file is no longer the one that a step was about."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} was changed or replaced meanwhile; it was left where it is.")


class NoPaths(Invalid):
    """What should name files does not."""

    def __init__(self, given: Any) -> None:
        super().__init__(
            f"A path, an output, or a list of those is wanted, not {str(given)[:100]!r}."
        )


class SourceFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was. `sha256` is empty where nobody needs to know it."""

    path: str
    size: int
    mtime_ns: int
    inode: int
    sha256: str = ""

    def is_there(self) -> bool:
        """Whether it still is; False if it is gone. Raises `FileChanged`."""
        try:
            status = os.lstat(self.path)
        except FileNotFoundError:
            return False
        if (status.st_size, status.st_mtime_ns, status.st_ino) != (
            self.size,
            self.mtime_ns,
            self.inode,
        ):
            raise FileChanged(Path(self.path))
        return True

    def seen(self) -> dict[str, Any]:
        """What templates see of it."""
        path = Path(self.path)
        return {
            "path": self.path,
            "name": path.name,
            "stem": path.stem,
            "suffix": path.suffix,
            "folder": str(path.parent),
            "size": self.size,
        }


async def named_files(source: Any, step: StepContext) -> list[Path]:
    """The paths that `source` gives: one or several, as texts or outputs. Raises `NotAllowed`."""
    given = await step.render(source, native=True)
    items = given if isinstance(given, list) else [given]
    texts = [item.get("path") if isinstance(item, dict) else item for item in items]
    paths = [Path(text) for text in texts if isinstance(text, str) and text]
    if not items or len(paths) < len(items):
        raise NoPaths(given)
    return [permitted(path, step.means.folders) for path in paths]


def look_at(path: Path, *, hashed: bool) -> SourceFile:
    """The file as it is now. Not for the loop's thread. Raises `NoSuchFile`, `NotAFile`."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise NotAFile(path)
        sha256 = _sha256(path) if hashed else ""
    except FileNotFoundError:
        raise NoSuchFile(path) from None
    return SourceFile(
        path=str(path),
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
        inode=status.st_ino,
        sha256=sha256,
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
