"""The last event of a trigger, read beside whoever writes the database, or without anybody."""

import sqlite3
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.exc import SQLAlchemyError

from hub.records.event import Event
from hub.storage.events import event_of, latest_of


class LastEvents:
    """Use as a context manager, in one thread.

    Where there is no database, or one that cannot be read, there are no events: the hub itself
    tells what is wrong with it when it opens it.
    """

    def __init__(self, database: Path) -> None:
        self._database = database.absolute()
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        # Not tried in vain: SQLAlchemy's failures hold the frames of all who called, and so all
        # that these have read, until the garbage collector goes through it.
        with suppress(OSError, SQLAlchemyError):
            if self._database.exists():
                self._connection = self._engine().connect()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._connection is not None:
            self._connection.close()

    def of(self, automation: str, trigger: str) -> Event | None:
        """What the trigger observed last."""
        if self._connection is None:
            return None
        try:
            row = self._connection.execute(latest_of(automation, trigger, 1)).first()
        except SQLAlchemyError:
            return None
        return None if row is None else event_of(row)

    def _engine(self) -> Engine:
        address = f"{self._database.as_uri()}?mode=ro"
        return create_engine(
            "sqlite://",
            creator=lambda: sqlite3.connect(address, uri=True, timeout=1),
            isolation_level="AUTOCOMMIT",
            poolclass=NullPool,
        )
