"""Migrations make just the tables that the code declares, after a backup."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from hub.storage.migrating import HEAD, DatabaseTooNew, current_revision, migrate
from hub.storage.tables import metadata


def test_a_new_database_has_the_declared_tables(tmp_path: Path) -> None:
    migrate(tmp_path / "hub.sqlite")
    engine = create_engine(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    assert differences == []


def test_a_new_database_uses_a_write_ahead_log(tmp_path: Path) -> None:
    migrate(tmp_path / "hub.sqlite")
    with closing(sqlite3.connect(tmp_path / "hub.sqlite")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA auto_vacuum").fetchone() == (2,)


def test_the_head_is_the_last_step(tmp_path: Path) -> None:
    migrate(tmp_path / "hub.sqlite")
    assert current_revision(tmp_path / "hub.sqlite") == HEAD


def test_an_older_database_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "hub.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("CREATE TABLE keepsake (word TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('0000')")
    with pytest.raises(Exception, match="0000"):  # no such step: what matters is the copy
        migrate(path)
    with closing(sqlite3.connect(tmp_path / f"hub.sqlite.before-{HEAD}")) as backup:
        assert backup.execute("SELECT count(*) FROM keepsake").fetchone() == (0,)


def test_a_database_of_a_newer_hub_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hub.sqlite"
    migrate(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseTooNew, match="newer version of the hub"):
        migrate(path)
