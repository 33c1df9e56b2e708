"""Files that are to be removed: noted in the transaction that forgets them, removed after it.

So no row ever refers to a file that is gone, and a crash in between leaves no file behind that
nobody knows of: the note is still there.
"""

import asyncio
import hashlib
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection, delete, select

from hub.crash import crash_point
from hub.storage import tables
from hub.storage.database import Database

log = structlog.get_logger()
_AT_ONCE = 100


class Removals:
    """What is noted for removal."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def carry_out(self) -> None:
        """Remove every noted file, then its note."""
        while rows := await self._database.read(_first_notes):
            crash_point("before_removal")
            await asyncio.to_thread(_remove_all, rows)
            crash_point("after_removal")
            await self._database.write(partial(_forget, rows=rows), durable=False)


def _first_notes(connection: Connection) -> list[Any]:
    table = tables.removals
    return list(connection.execute(select(table).order_by(table.c.number).limit(_AT_ONCE)))


def _forget(connection: Connection, rows: list[Any]) -> None:
    number = tables.removals.c.number
    connection.execute(delete(tables.removals).where(number.in_([row.number for row in rows])))


def _remove_all(rows: list[Any]) -> None:
    for row in rows:
        try:
            if is_still(row.path, row.sha256, row.size):
                row.path.unlink()
        except FileNotFoundError:
            pass
        except OSError as error:
            log.warning("old file could not be removed", path=str(row.path), reason=error.strerror)


def is_still(path: Path, sha256: str, size: int) -> bool:
    """Whether the file is what it was: one that somebody changed since is no longer the hub's."""
    if path.is_symlink() or path.stat().st_size != size:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256
