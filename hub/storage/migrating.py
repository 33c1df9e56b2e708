"""Bringing the database up to date at start.

A new database is made from the declared tables, in one transaction. An older one is migrated after
a backup; only that needs Alembic, which costs a start 0.2 s and 12 MiB.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, create_engine, text

from hub.errors import Conflict
from hub.storage.tables import metadata

HEAD = "0017"
_OWNER_ONLY = 0o600  # it holds what is left of passwords and tokens
_REVISION_TABLE = """
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)
"""  # as Alembic makes it


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
    if revision is None:
        _make(path)
    elif revision > HEAD:
        raise DatabaseTooNew(path, revision)
    elif revision < HEAD:
        back_up(path, path.with_name(f"{path.name}.before-{HEAD}"))
        upgrade(path)


def address(path: Path) -> URL:
    """What SQLAlchemy calls the file; as a text, a `?` in a folder's name would end its path."""
    return URL.create("sqlite", database=str(path))


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
    """A consistent copy of the database, also while it is in use. Nobody else may read it."""
    target.touch(_OWNER_ONLY)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def upgrade(path: Path, to: str = "head") -> None:
    """Carry out the steps that an older database lacks; an empty one lacks them all."""
    from alembic import command  # late: hardly any start has something to migrate
    from alembic.config import Config

    config = Config()
    scripts = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", scripts.replace("%", "%%"))
    config.attributes["database"] = path
    command.upgrade(config, to)


def _make(path: Path) -> None:
    """All at once, so that a hub killed meanwhile leaves an empty file that is made again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(_OWNER_ONLY)  # SQLite gives the same rights to the files beside it
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
        connection.execute("PRAGMA journal_mode=WAL")
    engine = create_engine(address(path), isolation_level="AUTOCOMMIT")
    with engine.connect() as database:
        database.execute(text("BEGIN"))
        metadata.create_all(database, checkfirst=False)
        database.execute(text(_REVISION_TABLE))
        database.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})
        database.execute(text("COMMIT"))
    engine.dispose()
