"""Making a hub from a backup.

Everything is unpacked and compared with the manifest beside where it belongs before anything is
put in place, the database last: whatever breaks off before that leaves the hub as it was.
"""

import contextlib
import hashlib
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from hub.backups.archive import DATABASE
from hub.backups.manifest import NAME, Manifest, NoManifest, from_json
from hub.config.folders import Folders
from hub.config.settings import HubSettings, load_settings
from hub.errors import Conflict, Invalid
from hub.storage.data_lock import lock_data
from hub.storage.migrating import HEAD, DatabaseTooNew
from hub.storage.syncing import sync

STAGE = ".hub-restoring"
_SIDES = ("", "-wal", "-shm")  # the files of one database


class BackupDamaged(Invalid):
    """A file in the backup is not what the manifest says."""

    def __init__(self, source: Path, name: str) -> None:
        super().__init__(
            f"{source} is damaged: {name!a} in it is not what was put there. Nothing was changed; "
            "take another backup."
        )


class WouldReplace(Conflict):
    """Something is there already."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is there already. Restore into an empty folder, or give --replace: the "
            "database that is there is kept beside the new one, other files are overwritten."
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """What was restored, and where the database that was there before is now, if there was one."""

    manifest: Manifest
    folders: Folders
    former_database: Path | None


def restore_backup(source: Path, config: Path, *, replace: bool) -> Restored:
    """Put what `source` holds into `config` and the folders that its hub.yaml names.

    Raises `NoManifest`, `BackupDamaged`, `WouldReplace`, `DatabaseTooNew`, `DataFolderInUse`,
    `OSError`.
    """
    config = config.absolute()
    with _opened(source) as tar, ExitStack() as stack:
        manifest = _manifest(tar, source)
        staged_config = stack.enter_context(_stage(config))
        _unpack(tar, manifest, source, {"config": staged_config})
        folders = _folders(config, load_settings(staged_config)[0])
        stack.enter_context(lock_data(folders.data))
        roots = {"config": config, "data": folders.data, "output": folders.output}
        if not replace:
            _check_free(manifest, roots)
        stages = {name: stack.enter_context(_stage(roots[name])) for name in ("data", "output")}
        _unpack(tar, manifest, source, stages)
        return _put(manifest, folders, roots, stages | {"config": staged_config})


def _folders(config: Path, settings: HubSettings) -> Folders:
    """Where things belong, as hub.yaml in the backup says."""
    output = None if settings.output is None else config / settings.output
    return Folders(config=config, data=config / settings.data, output_folder=output)


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, "r:") as tar:
            yield tar
    except tarfile.TarError:
        raise NoManifest(source) from None


def _manifest(tar: tarfile.TarFile, source: Path) -> Manifest:
    try:
        file = tar.extractfile(NAME)
    except KeyError:
        raise NoManifest(source) from None
    if file is None:
        raise NoManifest(source)
    manifest = from_json(file.read(), source)
    if manifest.revision is not None and manifest.revision > HEAD:
        raise DatabaseTooNew(source, manifest.revision)
    for name in manifest.files:
        root, *inner = PurePosixPath(name).parts
        if root not in manifest.folders or not inner or ".." in inner:
            raise BackupDamaged(source, name)
    return manifest


@contextmanager
def _stage(root: Path) -> Iterator[Path]:
    """A folder beside where things belong, on the same file system; it goes when all is done."""
    stage = root / STAGE
    shutil.rmtree(stage, ignore_errors=True)  # of an attempt that was killed
    stage.mkdir(parents=True)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _unpack(
    tar: tarfile.TarFile, manifest: Manifest, source: Path, stages: dict[str, Path]
) -> None:
    for name, kept in manifest.files.items():
        root, _, inner = name.partition("/")
        if root not in stages:
            continue
        try:
            member = tar.getmember(name)
        except KeyError:
            raise BackupDamaged(source, name) from None
        file = tar.extractfile(member)
        target = stages[root] / inner
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with target.open("xb") as copy:
            os.fchmod(copy.fileno(), member.mode & 0o777)  # a secret stays one
            while file is not None and (piece := file.read(1 << 20)):
                digest.update(piece)
                copy.write(piece)
            copy.flush()
            os.fsync(copy.fileno())
        if digest.hexdigest() != kept.sha256:
            raise BackupDamaged(source, name)


def _check_free(manifest: Manifest, roots: dict[str, Path]) -> None:
    for name in manifest.files:
        root, _, inner = name.partition("/")
        if (roots[root] / inner).exists():
            raise WouldReplace(roots[root] / inner)


def _put(
    manifest: Manifest, folders: Folders, roots: dict[str, Path], stages: dict[str, Path]
) -> Restored:
    database = DATABASE in manifest.files
    if database:
        _relocate(stages["data"] / "hub.sqlite", manifest, roots)
    for name in manifest.files:
        if name != DATABASE:
            root, _, inner = name.partition("/")
            _move(stages[root] / inner, roots[root] / inner)
    former = _set_aside(folders.database) if database else None
    if database:
        _move(stages["data"] / "hub.sqlite", folders.database)
    return Restored(manifest=manifest, folders=folders, former_database=former)


def _relocate(database: Path, manifest: Manifest, roots: dict[str, Path]) -> None:
    """Paths are absolute: those in the folders of the old hub become those in the new one's."""
    moved = [
        (os.fsencode(manifest.folders[name]), os.fsencode(roots[name]))
        for name in ("output", "data", "config")
        if manifest.folders[name] != str(roots[name])
    ]
    with closing(sqlite3.connect(database)) as connection, connection:
        for table in ("outputs", "placements", "ledger", "removals"):
            with contextlib.suppress(sqlite3.OperationalError):  # an older one lacks a table
                for old, new in moved:
                    connection.execute(
                        f"UPDATE {table} SET path = CAST(? || substr(path, ?) AS BLOB)"  # noqa: S608
                        " WHERE substr(path, 1, ?) = ?",
                        (new, len(old) + 1, len(old) + 1, old + b"/"),
                    )


def _set_aside(database: Path) -> Path | None:
    """The database that is there gets another name, together with what belongs to it."""
    if not database.exists():
        return None
    former = database.with_name(f"{database.name}.before-restore")
    for side in _SIDES:
        with contextlib.suppress(FileNotFoundError):
            Path(f"{database}{side}").replace(f"{former}{side}")
    return former


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)
    sync(target.parent)
