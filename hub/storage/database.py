"""The database: one writing connection with group commit, and readers beside it.

A unit of work is a function of a connection. All units that wait when somebody turns to them share
one transaction, in the order in which they came; each is a savepoint, so that a violation fails
its own unit alone. Whoever waits for a unit hears of it after the commit, never before. A group is
synced to the disk if one of its units is durable; without a sync it survives a killed process, but
not a power cut. What is written later (progress) forces no commit of its own: it rides along with
the next group, or goes alone after 0.3 s.

The loop leaves its units to the writer thread. Another thread carries its unit out itself, and all
that waited before it: that saves two changes of thread, each of which costs more than a statement.

State: `_waiting`, units in order; `_bell` wakes the writer thread; whoever holds `_turn` may use
the writing connection, whose level is `_synchronous`; `_closing` says that nothing more will come.
"""

import asyncio
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from hub.errors import Invalid, Unavailable
from hub.storage.migrating import address, migrate

T = TypeVar("T")
LAZY_SECONDS = 0.3
LARGEST_GROUP = 1000


_ADVICE = {
    sqlite3.SQLITE_BUSY: "Close the program that holds it; everything goes on by itself then.",
    sqlite3.SQLITE_FULL: "Free some space; everything goes on by itself then.",
    sqlite3.SQLITE_NOTADB: "Restore a backup with `hub restore --replace`.",
    sqlite3.SQLITE_CORRUPT: "Restore a backup with `hub restore --replace`.",
}
_MAY_PASS = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
}
_DAMAGED = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}


def _code(error: BaseException) -> int:
    """What SQLite calls the failure, without what it tells further; 0 where it says nothing."""
    origin = getattr(error, "orig", None) or error
    return getattr(origin, "sqlite_errorcode", 0) & 0xFF


class StorageFailed(Unavailable):
    """The database could not be written or read. It `may_pass` if that lies outside of it."""

    def __init__(self, database: Path, cause: BaseException) -> None:
        code = _code(cause)
        damaged = "it is damaged: " if code == sqlite3.SQLITE_CORRUPT else ""
        origin = getattr(cause, "orig", None) or cause
        advice = _ADVICE.get(code, "Look at the disk and the file's permissions.")
        super().__init__(f"The database {database} cannot be used: {damaged}{origin}. {advice}")
        self.may_pass = code in _MAY_PASS


class HalfLetter(Invalid):
    """A text cannot be written: JSON may say half of a letter (`"\\ud800"`), which is none."""

    def __init__(self, cause: UnicodeEncodeError) -> None:
        half = ascii(cause.object[cause.start])
        super().__init__(f"{half} is half a letter, and no text can be kept that has one.")


@dataclass(slots=True)
class _Unit:
    work: Callable[[Connection], Any]
    durable: bool
    done: asyncio.Future[Any] | None = None
    result: Any = None
    error: BaseException | None = None


class Database:
    """An SQLite file under WAL. Use as an async context manager; migrates when entered.

    `removals` grows when old rows are about to go and when they are gone: whoever keeps counts of
    rows counts anew then.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.removals = 0
        self._engine: Engine
        self._connection: Connection
        self._loop: asyncio.AbstractEventLoop
        self._waiting: deque[_Unit] = deque()
        self._bell: SimpleQueue[None] = SimpleQueue()
        self._turn = threading.Lock()
        self._closing = False
        self._synchronous = ""
        self._lazy_timer: asyncio.TimerHandle | None = None
        self._readers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="database-reader")
        self._writer = threading.Thread(target=self._write_forever, name="database-writer")

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        try:
            await asyncio.to_thread(migrate, self.path)
            self._engine = _open(self.path)
            self._connection = await asyncio.to_thread(self._engine.connect)
        except (sqlite3.Error, SQLAlchemyError) as error:
            raise StorageFailed(self.path, error) from error
        self._writer.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._lazy_timer is not None:
            self._lazy_timer.cancel()
        self._closing = True
        self._bell.put(None)
        await asyncio.to_thread(self._close)

    async def write(self, work: Callable[[Connection], T], *, durable: bool = True) -> T:
        """Carry out `work` in the next group; returns its result once that is committed.

        With `durable`, the commit is synced to the disk. `work` runs in another thread: short, and
        nothing but the database. Raises what `work` raised, or `StorageFailed`.
        """
        done: asyncio.Future[T] = self._loop.create_future()
        self._waiting.append(_Unit(work=work, done=done, durable=durable))
        self._bell.put(None)
        return await done  # a caller that is cancelled leaves; its unit is committed all the same

    def write_here(self, work: Callable[[Connection], T]) -> T:
        """The same for other threads than the loop's, durably: returns after the commit."""
        unit = _Unit(work=work, durable=True)
        with self._turn:
            self._waiting.append(unit)
            self._commit_all()
        if unit.error is not None:
            raise unit.error
        result: T = unit.result
        return result

    def write_later(self, work: Callable[[Connection], None]) -> None:
        """Carry out `work` with the next group, without waiting or forcing a commit."""
        self._waiting.append(_Unit(work=work, durable=False))
        if self._lazy_timer is None:
            self._lazy_timer = self._loop.call_later(LAZY_SECONDS, self._wait_no_longer)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Carry out `work` on a reader's connection; it sees what is committed by now."""
        return await self._loop.run_in_executor(self._readers, self.read_here, work)

    def read_here(self, work: Callable[[Connection], T]) -> T:
        """The same for other threads than the loop's."""
        try:
            with self._engine.connect() as connection:
                return work(connection)
        except DBAPIError as error:
            if isinstance(error, OperationalError) or _code(error) in _DAMAGED:
                raise StorageFailed(self.path, error) from error
            raise

    def _wait_no_longer(self) -> None:
        self._lazy_timer = None
        self._bell.put(None)

    def _write_forever(self) -> None:
        while self._waiting or not self._closing:
            self._bell.get()
            with self._turn:
                self._commit_all()

    def _commit_all(self) -> None:
        """Commit what waits, until nothing does. Only for who has the turn."""
        while group := self._next_group():
            self._commit(group)

    def _next_group(self) -> list[_Unit]:
        return [self._waiting.popleft() for _ in range(min(len(self._waiting), LARGEST_GROUP))]

    def _commit(self, group: list[_Unit]) -> None:
        connection = self._connection
        driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
        try:
            self._synchronize(driver, "FULL" if any(unit.durable for unit in group) else "NORMAL")
            driver.execute("BEGIN IMMEDIATE")
            for unit in group:
                # One by itself can be undone with the transaction.
                _carry_out(connection, driver, unit, savepoint=len(group) > 1)
            if driver.in_transaction:
                driver.execute("COMMIT")
        except (sqlite3.Error, SQLAlchemyError) as error:
            if driver.in_transaction:
                driver.execute("ROLLBACK")
            if _code(error) in _DAMAGED and len(group) > 1:
                for unit in group:  # who does not touch what is damaged may go on
                    self._commit([unit])
                return
            for unit in group:
                unit.error = StorageFailed(self.path, error)
        self._answer(group)

    def _synchronize(self, driver: sqlite3.Connection, level: str) -> None:
        if level != self._synchronous:
            driver.execute(f"PRAGMA synchronous={level}")
            self._synchronous = level

    def _answer(self, group: list[_Unit]) -> None:
        awaited = [unit for unit in group if unit.done is not None]
        if awaited:
            self._loop.call_soon_threadsafe(_resolve, awaited)

    def _close(self) -> None:
        self._writer.join()
        self._connection.close()
        self._readers.shutdown()
        self._engine.dispose()


def _open(path: Path) -> Engine:
    engine = create_engine(
        address(path),
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


def _carry_out(
    connection: Connection, driver: sqlite3.Connection, unit: _Unit, *, savepoint: bool
) -> None:
    if savepoint:
        driver.execute("SAVEPOINT unit")
    unit.error = None
    try:
        unit.result = unit.work(connection)
    except UnicodeEncodeError as error:
        unit.error = HalfLetter(error)
        driver.execute("ROLLBACK TO unit" if savepoint else "ROLLBACK")
    except Exception as error:
        if _code(error) in _MAY_PASS | _DAMAGED:
            raise  # nobody in its group can go on
        unit.error = error
        driver.execute("ROLLBACK TO unit" if savepoint else "ROLLBACK")
    if savepoint:
        driver.execute("RELEASE unit")


def _resolve(group: list[_Unit]) -> None:
    for unit in group:
        if unit.done is None or unit.done.done():
            continue
        if unit.error is not None:
            unit.done.set_exception(unit.error)
        else:
            unit.done.set_result(unit.result)
