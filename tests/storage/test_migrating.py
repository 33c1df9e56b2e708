"""Migrations make just the tables that the code declares, after a backup."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from hub.storage.migrating import (
    HEAD,
    DatabaseTooNew,
    address,
    back_up,
    current_revision,
    migrate,
    upgrade,
)
from hub.storage.tables import metadata


def test_a_new_database_has_the_declared_tables(tmp_path: Path) -> None:
    migrate(tmp_path / "hub.sqlite")
    engine = create_engine(address(tmp_path / "hub.sqlite"))
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    assert differences == []


def test_a_new_database_is_the_one_that_all_steps_lead_to(tmp_path: Path) -> None:
    migrate(tmp_path / "made.sqlite")
    upgrade(tmp_path / "migrated.sqlite")
    made, migrated = _schema(tmp_path / "made.sqlite"), _schema(tmp_path / "migrated.sqlite")
    assert len(made) > 10
    assert made == migrated
    assert current_revision(tmp_path / "made.sqlite") == current_revision(
        tmp_path / "migrated.sqlite"
    )


def test_a_new_database_needs_no_alembic(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from hub.storage.migrating import migrate;"
        f"migrate(Path({str(tmp_path / 'hub.sqlite')!r})); print('alembic' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert answer.stdout == b"False\n"


def test_a_database_whose_making_was_broken_off_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "hub.sqlite").touch()
    migrate(tmp_path / "hub.sqlite")
    assert current_revision(tmp_path / "hub.sqlite") == HEAD


def test_a_new_database_uses_a_write_ahead_log(tmp_path: Path) -> None:
    migrate(tmp_path / "hub.sqlite")
    with closing(sqlite3.connect(tmp_path / "hub.sqlite")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA auto_vacuum").fetchone() == (2,)


def test_nobody_else_may_read_the_database_or_what_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "hub.sqlite"
    migrate(path)
    back_up(path, tmp_path / "copy.sqlite")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE more (column)")
        files = sorted(tmp_path.iterdir())
        assert len(files) == 4  # with the log and the shared memory
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


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


def _schema(path: Path) -> dict[str, Any]:
    """Each table with its columns, keys and indexes; their order means nothing."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name, wr FROM pragma_table_list").fetchall()
        return {
            name: {"without rowid": wr, **_parts(connection, name)}
            for name, wr in tables
            if not name.startswith("sqlite_")
        }


def _parts(connection: sqlite3.Connection, table: str) -> dict[str, Any]:
    columns = connection.execute(
        'SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_xinfo(?)', (table,)
    )
    keys = connection.execute(
        'SELECT "table", "from", "to", on_update, on_delete FROM pragma_foreign_key_list(?)',
        (table,),
    )
    indexes = connection.execute(
        'SELECT list.origin, list."unique", list.partial, named.sql,'
        " (SELECT group_concat(name) FROM pragma_index_info(list.name))"
        " FROM pragma_index_list(?) AS list JOIN sqlite_master AS named USING (name)",
        (table,),
    )
    return {"columns": set(columns), "keys": set(keys), "indexes": set(indexes)}


def test_what_an_older_database_knew_is_known_by_the_newer_one(tmp_path: Path) -> None:
    path = tmp_path / "hub.sqlite"
    upgrade(path, "0002")
    with closing(sqlite3.connect(path)) as connection, connection:
        for number in (1, 2):
            connection.execute(
                "INSERT INTO events VALUES (?, ?, 'photos', '0', 'webhook', ?, 0, '{}')",
                (number, f"event-{number}", str(number)),
            )
        connection.execute(
            "INSERT INTO firings VALUES"
            " (1, 'firing', 'event-1', 'photos', 'succeeded', NULL, '[]', '{}', 0, 0)"
        )
        connection.execute("INSERT INTO graphs VALUES ('hash', '{}')")
        connection.execute(
            "INSERT INTO runs (number, id, state, origin, graph, parameters, priority, position,"
            " firing, extra, created_at, attempt, deaths, suspect)"
            " VALUES (1, 'run', 'succeeded', 'automation', 'hash', '{}', 0, 1, 'firing', '{}',"
            " 0, 1, 0, 0)"
        )
    migrate(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT automation FROM runs").fetchall() == [("photos",)]
        offered = connection.execute("SELECT offered FROM events ORDER BY number").fetchall()
        assert offered == [(1,), (0,)]
