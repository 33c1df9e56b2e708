"""What ComfyUI's editor keeps for a user: its settings, and files such as graphs.

Each user has a folder of his own; those who need no login share one. Files come whole or not at
all, and no name leads out of the folder.
"""

import errno
import json
import os
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hub.errors import Conflict, HubError, Invalid, NotFound
from hub.web.inside import file_inside, place_inside
from hub.web.uploads import UploadNotKept

NOBODY = "default"  # as ComfyUI calls its only user
SETTINGS = "comfy.settings.json"
_ALWAYS_THERE = ("workflows", "subgraphs")  # for the editor, which would complain to its user
_STAGED = ".writing-"
_SETTLING = threading.Lock()  # for who changes settings, of whomever


class FileThere(Conflict):
    """A file would be overwritten, and nobody said that it may be."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a file {name!r} already.")


class UserFolder:
    """The files of one user. Its methods wait for the disk, so they are not for the loop."""

    def __init__(self, users: Path, user: str | None) -> None:
        self.root = users / (user or NOBODY)

    def settings(self) -> dict[str, Any]:
        """All that the editor set. A file that somebody spoiled counts as empty."""
        try:
            settings = json.loads((self.root / SETTINGS).read_bytes())
        except (OSError, ValueError):
            return {}
        return settings if isinstance(settings, dict) else {}

    def change_settings(self, changed: dict[str, Any]) -> None:
        """Set these, and leave the others."""
        with _SETTLING:
            text = json.dumps(self.settings() | changed, indent=4)
            self.write(SETTINGS, text.encode(), overwrite=True)

    def files(self, directory: str, *, recursively: bool) -> list[Path]:
        """The files below a directory. Raises `NotFound`."""
        place = self._directory(directory)
        found = place.rglob("*") if recursively else place.iterdir()
        return sorted(path for path in found if path.is_file() and not _is_staged(path))

    def entries(self, directory: str) -> list[Path]:
        """What is directly in a directory, folders first. Raises `NotFound`."""
        found = [path for path in self._directory(directory).iterdir() if not _is_staged(path)]
        return sorted(found, key=lambda path: (path.is_file(), path.name))

    def file(self, name: str) -> Path:
        """Raises `NotFound`."""
        return file_inside(self.root, name)

    def write(self, name: str, content: bytes, *, overwrite: bool) -> Path:
        """Raises `FileThere`."""
        path = self._place(name)
        staged = path.parent / f"{_STAGED}{secrets.token_hex(8)}"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with staged.open("xb") as file:
                file.write(content)
                os.fsync(file.fileno())
            _place(staged, path, overwrite=overwrite)
        except FileExistsError:
            raise FileThere(name) from None
        except OSError as error:
            raise _problem(name, error) from error
        finally:
            staged.unlink(missing_ok=True)
        return path

    def delete(self, name: str) -> None:
        """Raises `NotFound`."""
        self.file(name).unlink()

    def move(self, name: str, to: str, *, overwrite: bool) -> Path:
        """Onto itself, it stays. Raises `NotFound`, `FileThere`."""
        path, target = self.file(name), self._place(to)
        if overwrite and path == target:
            return path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _place(path, target, overwrite=overwrite)
        except FileExistsError:
            raise FileThere(to) from None
        except OSError as error:
            raise _problem(to, error) from error
        path.unlink(missing_ok=True)
        return target

    def _directory(self, name: str) -> Path:
        place = self._place(name, may_be_root=True)
        if name.rstrip("/") in _ALWAYS_THERE:
            place.mkdir(parents=True, exist_ok=True)
        if not os.path.isdir(place):  # noqa: PTH112 - never raises
            raise NotFound(f"There is no directory {name!r}.")
        return place

    def _place(self, name: str, *, may_be_root: bool = False) -> Path:
        """Raises `Forbidden` outside the folder."""
        place = place_inside(self.root, name)
        if place == self.root.resolve() and not may_be_root:
            raise Invalid(f"{name!r} is no file name.")
        return place


def details(path: Path) -> dict[str, Any]:
    """Size and times of a file, in milliseconds as ComfyUI tells them."""
    status = path.stat()
    return {
        "size": status.st_size,
        "modified": int(status.st_mtime * 1000),
        "created": int(status.st_ctime * 1000),
    }


def relative(paths: list[Path], root: Path) -> Iterator[tuple[str, Path]]:
    """With the name below `root`, in slashes."""
    for path in paths:
        yield path.relative_to(root.resolve()).as_posix(), path


def _place(staged: Path, path: Path, *, overwrite: bool) -> None:
    """Raises `FileExistsError`."""
    if overwrite:
        staged.replace(path)
    else:
        path.hardlink_to(staged)


def _is_staged(path: Path) -> bool:
    return path.name.startswith(_STAGED)


def _problem(name: str, error: OSError) -> HubError:
    if error.errno in (errno.ENAMETOOLONG, errno.EISDIR, errno.ENOTDIR, errno.EINVAL):
        return Invalid(f"{name[:100]!r} cannot be written: {error.strerror}.")
    return UploadNotKept(error)
