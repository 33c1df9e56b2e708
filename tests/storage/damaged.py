"""A database that lost a page."""

import sqlite3
from contextlib import closing
from pathlib import Path


def damage(database: Path, name: str) -> None:
    """Overwrite the first page of a table or index, as a failing disk may do."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (page,) = connection.execute(query, (name,)).fetchone()
    with database.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)
