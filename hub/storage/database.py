"""The database: one writer thread with group commit, and readers beside it.

A unit of work is a function of a connection. All units that wait when the writer turns to them
share one transaction; each is a savepoint, so that a violation fails its own unit alone. Futures
resolve after the commit, never before. A group is synced to the disk if one of its units is
durable; without a sync it survives a killed process, but not a power cut. What is written later
(progress) forces no commit of its own: it rides along with the next group, or goes alone after
0.3 s.

State, all of it touched by the writer thread alone once that runs: `_lazy`, units that wait for
company, and `_lazy_since`, when the first of them came.
"""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from hub.errors import Unavailable
from hub.storage.migrating import migrate

T = TypeVar("T")
LAZY_SECONDS = 0.3
LARGEST_GROUP = 1000


class StorageFailed(Unavailable):
    """The database could not be written or read."""

    def __init__(self, database: Path, cause: BaseException) -> None:
        text = str(getattr(cause, "orig", None) or cause)
        advice = (
            "Free some space; everything goes on by itself then."
            if "full" in text
            else "Look at the disk and the file's permissions."
        )
        super().__init__(f"The database {database} cannot be used: {text}. {advice}")


@dataclass(slots=True)
class _Unit:
    work: Callable[[Connection], Any]
    done: asyncio.Future[Any]
    durable: bool
    lazy: bool = False
    result: Any = None
    error: BaseException | None = None


class Database:
    """An SQLite file under WAL. Use as an async context manager; migrates when entered."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine: Engine
        self._loop: asyncio.AbstractEventLoop
        self._queue: SimpleQueue[_Unit | None] = SimpleQueue()
        self._lazy: list[_Unit] = []
        self._lazy_since = 0.0
        self._readers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="database-reader")
        self._writer = threading.Thread(target=self._write_forever, name="database-writer")

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        await asyncio.to_thread(migrate, self.path)
        self._engine = _open(self.path)
        self._writer.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._queue.put(None)
        await asyncio.to_thread(self._close)

    async def write(self, work: Callable[[Connection], T], *, durable: bool = True) -> T:
        """Carry out `work` in the next group; returns its result once that is committed.

        With `durable`, the commit is synced to the disk. `work` runs in the writer thread: short,
        and nothing but the database. Raises what `work` raised, or `StorageFailed`.
        """
        done: asyncio.Future[T] = self._loop.create_future()
        self._queue.put(_Unit(work=work, done=done, durable=durable))
        # A caller that is cancelled leaves; its unit is committed all the same.
        return await asyncio.shield(done)

    def write_later(self, work: Callable[[Connection], None]) -> None:
        """Carry out `work` with the next group, without waiting or forcing a commit."""
        done: asyncio.Future[None] = self._loop.create_future()
        done.add_done_callback(lambda future: future.cancelled() or future.exception())
        self._queue.put(_Unit(work=work, done=done, durable=False, lazy=True))

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Carry out `work` on a reader's connection; it sees what is committed by now."""
        return await self._loop.run_in_executor(self._readers, self._read, work)

    def _read(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._engine.connect() as connection:
                return work(connection)
        except OperationalError as error:
            raise StorageFailed(self.path, error) from error

    def _write_forever(self) -> None:
        with self._engine.connect() as connection:
            while (group := self._next_group()) is not None:
                if group:
                    self._commit(connection, group)
        self._answer(self._lazy)

    def _next_group(self) -> list[_Unit] | None:
        """All that waits, once there is a reason to commit; None when the database closes."""
        try:
            unit = self._queue.get(timeout=self._patience())
        except Empty:
            group, self._lazy = self._lazy, []
            return group
        group = []
        while unit is not None:
            (self._lazy if unit.lazy else group).append(unit)
            if len(group) >= LARGEST_GROUP:
                break
            try:
                unit = self._queue.get_nowait()
            except Empty:
                break
        if unit is None:
            self._queue.put(None)  # seen again once what came before it is committed
        return self._with_lazy(group, closing=unit is None)

    def _with_lazy(self, group: list[_Unit], *, closing: bool) -> list[_Unit] | None:
        if closing and not group and not self._lazy:
            return None
        if group or closing:
            group, self._lazy = self._lazy + group, []
        elif not self._lazy_since:
            self._lazy_since = time.monotonic()
        if not self._lazy:
            self._lazy_since = 0.0
        return group

    def _patience(self) -> float | None:
        if not self._lazy:
            return None
        return max(0.001, self._lazy_since + LAZY_SECONDS - time.monotonic())

    def _commit(self, connection: Connection, group: list[_Unit]) -> None:
        driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
        durable = any(unit.durable for unit in group)
        try:
            driver.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            driver.execute("BEGIN IMMEDIATE")
            for unit in group:
                _carry_out(connection, driver, unit)
            driver.execute("COMMIT")
        except (sqlite3.Error, SQLAlchemyError) as error:
            if driver.in_transaction:
                driver.execute("ROLLBACK")
            for unit in group:
                unit.error = StorageFailed(self.path, error)
        self._answer(group)

    def _answer(self, group: list[_Unit]) -> None:
        self._loop.call_soon_threadsafe(_resolve, group)

    def _close(self) -> None:
        self._writer.join()
        self._readers.shutdown()
        self._engine.dispose()


def _open(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        isolation_level="AUTOCOMMIT",  # transactions are begun and ended here, by name
        poolclass=QueuePool,
        pool_size=3,
        connect_args={"check_same_thread": False, "timeout": 30},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute("PRAGMA journal_size_limit=67108864")

    return engine


def _carry_out(connection: Connection, driver: sqlite3.Connection, unit: _Unit) -> None:
    driver.execute("SAVEPOINT unit")
    try:
        unit.result = unit.work(connection)
    except Exception as error:
        if "full" in str(error) and isinstance(error, OperationalError):
            raise
        unit.error = error
        driver.execute("ROLLBACK TO unit")
    driver.execute("RELEASE unit")


def _resolve(group: list[_Unit]) -> None:
    for unit in group:
        if unit.done.done():
            continue
        if unit.error is not None:
            unit.done.set_exception(unit.error)
        else:
            unit.done.set_result(unit.result)
