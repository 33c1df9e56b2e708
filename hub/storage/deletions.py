"""Deleting by hand: files of runs that are over, and inputs that nothing under way refers to.

What stays is honest: an output is known as deleted, as are those of later runs that show the same
file.
"""

import asyncio
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, Text, cast, func, insert, or_, select, update

from hub.errors import Conflict, NoSuch
from hub.records.output import Output
from hub.storage import tables
from hub.storage.columns import to_text
from hub.storage.database import Database
from hub.storage.history import paths_in_hand, under_way
from hub.storage.input_store import InputStore
from hub.storage.outputs import find_output
from hub.storage.removals import Removals

_OUTPUTS, _RUNS, _GRAPHS = tables.outputs.c, tables.runs.c, tables.graphs.c
_EVENTS, _FIRINGS = tables.events.c, tables.firings.c


class InUse(Conflict):
    """A file is not deleted as long as something under way may need it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is in use by a run, a firing or a delivery that is not over. "
            "Cancel that, or try again later."
        )


class Deletions:
    """Deletes files of one database and its input store."""

    def __init__(self, database: Database, inputs: InputStore, removals: Removals) -> None:
        self._database = database
        self._inputs = inputs
        self._removals = removals

    async def delete_output(self, output: int, now: datetime) -> Output:
        """The output as it is known from now on. Raises `NotFound`, `InUse`.

        Deleting twice changes nothing. A file that somebody changed since is no longer the hub's,
        and stays.
        """
        deleted = await self._database.write(partial(_delete_output, output=output, now=now))
        await self._removals.carry_out()
        return deleted

    async def delete_uploaded(self, name: str, path: Path) -> int:
        """A file of the input folder, where it is called `name`; the bytes that this freed.

        Raises `InUse`.
        """
        if await self._database.read(partial(_needs_input, name=name)):
            raise InUse(name)
        return await asyncio.to_thread(_unlink, path)

    async def delete_input(self, name: str, now: datetime) -> int:
        """The bytes that this freed. Raises `NotFound`, `InUse`."""
        if not await asyncio.to_thread(self._inputs.path_of(name).is_file):
            raise NoSuch("input", name)
        if await self._database.read(partial(_needs_input, name=name)):
            raise InUse(name)
        # One that somebody brings again at this moment stays.
        remove = partial(self._inputs.remove, name, older_than=now.timestamp())
        size = await asyncio.to_thread(remove)
        if not size:
            raise InUse(name)
        return size


def _unlink(path: Path) -> int:
    size = path.stat().st_size
    path.unlink()
    return size


def _delete_output(connection: Connection, output: int, now: datetime) -> Output:
    wanted = find_output(connection, output)
    if wanted.deleted_at is not None:
        return wanted
    first = wanted.shared_from or wanted.id
    same_file = or_(_OUTPUTS.id == first, _OUTPUTS.shared_from == first)
    if _needs_output(connection, wanted, same_file):
        raise InUse(str(wanted.path))
    connection.execute(update(tables.outputs).where(same_file).values(deleted_at=now))
    if not _is_anothers(connection, wanted, first):
        noted = {"path": wanted.path, "sha256": wanted.sha256, "size": wanted.size}
        connection.execute(insert(tables.removals).values(noted))
    return find_output(connection, output)


def _needs_output(connection: Connection, output: Output, same_file: Any) -> bool:
    by_run = select(_OUTPUTS.id).where(same_file, under_way(_OUTPUTS.run))
    return (
        connection.execute(by_run.limit(1)).first() is not None
        or str(output.path) in paths_in_hand(connection)
        or _is_named(connection, f"{output.path.name} [{output.folder.value}]")
    )


def _is_anothers(connection: Connection, output: Output, first: int) -> bool:
    """Whether a later run put a file of its own there, once this one had gone."""
    later = select(_OUTPUTS.id).where(
        _OUTPUTS.path == output.path,
        _OUTPUTS.id > first,
        _OUTPUTS.shared_from.is_(None),
        _OUTPUTS.deleted_at.is_(None),
    )
    return connection.execute(later.limit(1)).first() is not None


def _needs_input(connection: Connection, name: str) -> bool:
    waiting = select(_EVENTS.number).where(tables.WAITING)
    taken_up = (
        select(_EVENTS.number)
        .join(tables.firings, _FIRINGS.event == _EVENTS.id)
        .where(_FIRINGS.ended_at.is_(None))
    )
    return _is_named(connection, name) or any(
        connection.execute(_containing(events, _EVENTS.variables, name)).first() is not None
        for events in (waiting, taken_up)
    )


def _is_named(connection: Connection, name: str) -> bool:
    """Whether the graph of a run that is not over has that text in it."""
    graphs = (
        select(_RUNS.number)
        .join(tables.graphs, _GRAPHS.hash == _RUNS.graph)
        .where(_RUNS.ended_at.is_(None))
    )
    return connection.execute(_containing(graphs, _GRAPHS.graph, name)).first() is not None


def _containing(rows: Select[Any], column: Any, text: str) -> Select[Any]:
    """Of these rows the first whose JSON has `text` in it, found as it is written there."""
    written = to_text(text)[1:-1]
    return rows.where(func.instr(cast(column, Text), written) > 0).limit(1)
