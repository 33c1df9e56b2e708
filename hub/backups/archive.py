"""Making a backup: a tar archive of the database, the configuration, and files by choice.

The database is copied by SQLite itself, consistently, also while a hub writes to it; files that it
knows of are read after it, so none that it needs is younger than the copy.
"""

import contextlib
import hashlib
import io
import os
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from hub.backups.manifest import FORMAT, NAME, Kept, Manifest, to_json
from hub.config.folders import Folders
from hub.errors import Conflict
from hub.storage.migrating import back_up, current_revision

SECRETS = "secrets.yaml"
DATABASE = "data/hub.sqlite"


class TargetThere(Conflict):
    """There is a file where the backup is to go."""

    def __init__(self, target: Path) -> None:
        super().__init__(f"{target} is there already. Remove it, or choose another name.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """What besides the database and the configuration is kept."""

    inputs: bool = True
    outputs: bool = False
    secrets: bool = True


def make_backup(folders: Folders, target: Path, choice: Choice, now: datetime) -> Manifest:
    """Write `target`, which appears whole or not at all. Raises `TargetThere`, `OSError`."""
    if target.exists():
        raise TargetThere(target)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".hub-backup-") as work:
        part = Path(work) / "backup.tar"
        part.touch(0o600)  # there may be secrets in it
        with part.open("wb") as file:
            manifest = _write(file, folders, choice, now, Path(work) / "copy.sqlite")
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    return manifest


def _write(file: BinaryIO, folders: Folders, choice: Choice, now: datetime, copy: Path) -> Manifest:
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
        archive = _Archive(tar)
        revision = None
        if folders.database.exists():
            back_up(folders.database, copy)
            revision = current_revision(copy)
            archive.add(copy, DATABASE)
        for path, name in _chosen(folders, choice):
            archive.add(path, name)
        manifest = Manifest(
            format=FORMAT,
            made_at=now,
            revision=revision,
            secrets=f"config/{SECRETS}" in archive.files,
            folders={
                "config": str(folders.config),
                "data": str(folders.data),
                "output": str(folders.output),
            },
            files=archive.files,
        )
        archive.add_bytes(to_json(manifest), NAME)
    return manifest


@dataclass(slots=True)
class _Archive:
    tar: tarfile.TarFile
    files: dict[str, Kept] = field(default_factory=dict)

    def add(self, path: Path, name: str) -> None:
        """One file; one that has gone meanwhile is left out."""
        with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
            entry = self.tar.gettarinfo(arcname=name, fileobj=file)
            if entry is None or not entry.isfile():
                return
            hashing = _Hashing(file)
            self.tar.addfile(entry, hashing)
            self.files[name] = Kept(size=entry.size, sha256=hashing.digest.hexdigest())

    def add_bytes(self, content: bytes, name: str) -> None:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        self.tar.addfile(entry, io.BytesIO(content))


class _Hashing(io.RawIOBase):
    """A file that is hashed while it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece


def _chosen(folders: Folders, choice: Choice) -> Iterator[tuple[Path, str]]:
    apart = {folders.data, folders.output, *folders.allowed.paths, *folders.packs}
    for path, name in _below(folders.config, "config", apart):
        if choice.secrets or path.name != SECRETS:
            yield path, name
    yield from _below(folders.users, "data/users")
    if choice.inputs:
        yield from _below(folders.input, "data/input")
        yield from _below(folders.store, "data/store")
    if choice.outputs:
        yield from _below(folders.output, "output")


def _below(folder: Path, prefix: str, apart: set[Path] = set()) -> Iterator[tuple[Path, str]]:  # noqa: B006
    """The files below a folder, without hidden ones and files in the making."""
    for place, inner, names in os.walk(folder):
        here = Path(place)
        inner[:] = sorted(n for n in inner if n[0] != "." and here / n not in apart)
        for name in sorted(names):
            if name[0] != "." and not name.endswith(".part"):
                path = here / name
                yield path, f"{prefix}/{path.relative_to(folder).as_posix()}"
