"""The kinds of history that grow, and how rows of each are let go.

Firings refer to their runs, runs to their outputs and progress. A row goes only when nothing refers
to it any more: a run stays as long as it has outputs, a firing as long as it has runs. Nothing that
is under way goes, nor what a firing under way has in hand.

Each kind has numbers that grow with time, so that "old" is "up to that number".
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
)

from hub.records.output import OutputFolder
from hub.records.wait import ACTION as WAITING_ACTION
from hub.storage import tables
from hub.storage.waits import remove_with_firings

_FIRINGS, _RUNS = tables.firings.c, tables.runs.c
_OUTPUTS, _PROGRESS = tables.outputs.c, tables.run_progress.c


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """One kind of history.

    `table` is counted by `number`; `at` is when a row was made. `among` limits the rows to one kind
    within the table, `owner` is the automation a row is of. `may_go` says of which rows up to a
    last number nothing needs them. `remove` takes rows away, by their numbers and that last one,
    together with what belongs to them; `at_once` is how many go in one unit of the writer.
    """

    name: str
    table: Table
    number: Column[int]
    at: Column[Any]
    owner: ColumnElement[Any]
    may_go: Callable[[int], ColumnElement[bool]]
    remove: Callable[[Connection, Sequence[int], int], None]
    among: ColumnElement[bool] | None = None
    size: ColumnElement[int] | None = None
    at_once: int = 100

    def rows(self, *columns: ColumnElement[Any], of: "Owners") -> Select[Any]:
        """These columns of the rows that belong to the owners."""
        statement = select(*columns)
        if self.among is not None:
            statement = statement.where(self.among)
        return of.limit(statement, self.owner)


@dataclass(frozen=True, slots=True)
class Owners:
    """Whose rows: the automation's of that name, or everybody's `but` those automations'."""

    automation: str | None = None
    but: Collection[str] = ()

    def limit(self, rows: Select[Any], owner: ColumnElement[Any]) -> Select[Any]:
        """Only theirs of these rows."""
        if self.automation is not None:
            return rows.where(owner == self.automation)
        if self.but:
            return rows.where(or_(owner.is_(None), owner.not_in(sorted(self.but))))
        return rows


def paths_in_hand(connection: Connection) -> set[str]:
    """Files that firings under way got to know from their steps, and may go on to use, and those
    that wait to be sent."""
    statement = (
        select(tables.firing_steps.c.result)
        .join(tables.firings, _FIRINGS.id == tables.firing_steps.c.firing)
        .where(_FIRINGS.ended_at.is_(None))
    )
    found: set[str] = set()
    for result in connection.scalars(statement):
        _collect_paths(result, found)
    deliveries = tables.deliveries.c
    waiting = select(deliveries.attachments, deliveries.content)
    for row in connection.execute(waiting.where(deliveries.ended_at.is_(None))):
        _collect_paths(row.attachments, found)
        found.add(row.content.get("file", ""))
    return found


def _collect_paths(value: Any, found: set[str]) -> None:
    match value:
        case dict():
            if isinstance(path := value.get("path"), str):
                found.add(path)
            for inner in value.values():
                _collect_paths(inner, found)
        case list():
            for inner in value:
                _collect_paths(inner, found)


def _remove_firings(connection: Connection, numbers: Sequence[int], last: int) -> None:
    gone = select(_FIRINGS.id, _FIRINGS.event, _FIRINGS.automation)
    gone = gone.where(_FIRINGS.number.in_(numbers), _FIRINGS_MAY_GO)
    rows = connection.execute(gone).all()
    ids, events = [row.id for row in rows], [row.event for row in rows]
    steps, event = tables.firing_steps.c, tables.events.c
    waits = select(steps.firing).where(steps.firing.in_(ids), steps.action == WAITING_ACTION)
    waited = set(connection.scalars(waits))
    remove_with_firings(connection, [(row.automation, row.id) for row in rows if row.id in waited])
    connection.execute(delete(tables.firing_steps).where(steps.firing.in_(ids)))
    connection.execute(delete(tables.firings).where(_FIRINGS.id.in_(ids)))
    needed = exists().where(_FIRINGS.event == event.id)
    connection.execute(delete(tables.events).where(event.id.in_(events), ~needed))


def _remove_runs(connection: Connection, numbers: Sequence[int], last: int) -> None:
    gone = select(_RUNS.id, _RUNS.graph).where(_RUNS.number.in_(numbers), _RUNS_MAY_GO)
    rows = connection.execute(gone).all()
    ids, graphs = [row.id for row in rows], {row.graph for row in rows}
    connection.execute(delete(tables.run_progress).where(_PROGRESS.run.in_(ids)))
    connection.execute(delete(tables.run_nodes).where(tables.run_nodes.c.run.in_(ids)))
    connection.execute(delete(tables.runs).where(_RUNS.id.in_(ids)))
    graph = tables.graphs.c.hash
    needed = exists().where(_RUNS.graph == graph)
    connection.execute(delete(tables.graphs).where(graph.in_(graphs), ~needed))


def _remove_progress(connection: Connection, numbers: Sequence[int], last: int) -> None:
    connection.execute(
        delete(tables.run_progress).where(_PROGRESS.number.in_(numbers), _PROGRESS_MAY_GO)
    )


def _remove_outputs(connection: Connection, numbers: Sequence[int], last: int) -> None:
    """Their files are noted for removal; they go when this is on the disk."""
    gone = select(tables.outputs).where(_OUTPUTS.id.in_(numbers), _outputs_may_go(last))
    in_hand = paths_in_hand(connection)
    rows = [row for row in connection.execute(gone) if str(row.path) not in in_hand]
    ids = [row.id for row in rows]
    connection.execute(delete(tables.outputs).where(_OUTPUTS.shared_from.in_(ids)))
    connection.execute(delete(tables.outputs).where(_OUTPUTS.id.in_(ids)))
    noted = [
        {"path": row.path, "sha256": row.sha256, "size": row.size}
        for row in rows
        if row.deleted_at is None
    ]
    if noted:
        connection.execute(insert(tables.removals), noted)


def under_way(run: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether the run of this id, or the firing that asked for it, has not ended."""
    firing = tables.firings.alias("asking")
    open_firing = exists().where(firing.c.id == _RUNS.firing, firing.c.ended_at.is_(None))
    return exists().where(_RUNS.id == run, or_(_RUNS.ended_at.is_(None), open_firing))


def _outputs_may_go(last: int) -> ColumnElement[bool]:
    """A file is as young as the last run that got it from the cache; a starred one stays."""
    sharing = tables.outputs.alias("sharing")
    needed = or_(sharing.c.id > last, under_way(sharing.c.run))
    return and_(
        _OUTPUTS.shared_from.is_(None),
        ~_OUTPUTS.starred,
        ~under_way(_OUTPUTS.run),
        ~exists().where(sharing.c.shared_from == _OUTPUTS.id, needed),
    )


_RUNS_MAY_GO = and_(
    _RUNS.ended_at.is_not(None),
    ~exists().where(_OUTPUTS.run == _RUNS.id),
    ~exists().where(_FIRINGS.id == _RUNS.firing, _FIRINGS.ended_at.is_(None)),
)
_FIRINGS_MAY_GO = and_(_FIRINGS.ended_at.is_not(None), ~exists().where(_RUNS.firing == _FIRINGS.id))
_PROGRESS_MAY_GO = exists().where(_RUNS.id == _PROGRESS.run, _RUNS.ended_at.is_not(None))


def _owner_of(run: ColumnElement[str]) -> ColumnElement[Any]:
    return select(_RUNS.automation).where(_RUNS.id == run).scalar_subquery()


FIRINGS = History(
    name="firings",
    table=tables.firings,
    number=_FIRINGS.number,
    at=_FIRINGS.created_at,
    may_go=lambda last: _FIRINGS_MAY_GO,
    owner=_FIRINGS.automation,
    remove=_remove_firings,
)
RUNS = History(
    name="runs",
    table=tables.runs,
    number=_RUNS.number,
    at=_RUNS.created_at,
    may_go=lambda last: _RUNS_MAY_GO,
    owner=_RUNS.automation,
    remove=_remove_runs,
)
PROGRESS = History(
    name="progress",
    table=tables.run_progress,
    number=_PROGRESS.number,
    at=_PROGRESS.at,
    may_go=lambda last: _PROGRESS_MAY_GO,
    owner=_owner_of(_PROGRESS.run),
    remove=_remove_progress,
    at_once=500,
)


def _files(name: str, folder: OutputFolder) -> History:
    return History(
        name=name,
        table=tables.outputs,
        number=_OUTPUTS.id,
        at=_OUTPUTS.created_at,
        may_go=_outputs_may_go,
        owner=_owner_of(_OUTPUTS.run),
        remove=_remove_outputs,
        among=_OUTPUTS.folder == folder,
        size=case(
            (func.coalesce(_OUTPUTS.shared_from, _OUTPUTS.deleted_at).is_(None), _OUTPUTS.size),
            else_=0,
        ),
    )


OUTPUTS = _files("outputs", OutputFolder.OUTPUT)
PREVIEWS = _files("previews", OutputFolder.TEMP)
