"""Bringing the database up to date: at start, after a backup, with Alembic imported only then."""

import sqlite3
from contextlib import closing
from pathlib import Path

from hub.errors import Conflict

HEAD = "0001"


class DatabaseTooNew(Conflict):
    """The database was written by a later version of the hub."""

    def __init__(self, path: Path, revision: str) -> None:
        super().__init__(
            f"The database {path} was written by a newer version of the hub (revision {revision}; "
            f"this one knows {HEAD}). Install that version, or restore the backup beside it."
        )


def migrate(path: Path) -> None:
    """Make the database, or bring an older one to `HEAD`; a copy of the older one is kept."""
    revision = current_revision(path)
    if revision == HEAD:
        return
    if revision is not None:
        if revision > HEAD:
            raise DatabaseTooNew(path, revision)
        back_up(path, path.with_name(f"{path.name}.before-{HEAD}"))
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
        connection.execute("PRAGMA journal_mode=WAL")
    _upgrade(path)


def current_revision(path: Path) -> str | None:
    """The revision the file is at; None for a file that is not there or empty."""
    if not path.exists():
        return None
    with closing(sqlite3.connect(path)) as connection:
        known = connection.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
        ).fetchone()
        row = known and connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return row[0] if row else None


def back_up(source: Path, target: Path) -> None:
    """A consistent copy of the database, also while it is in use."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _upgrade(path: Path) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["database"] = path
    command.upgrade(config, "head")
