"""The history that ComfyUI's clients see: runs posted through its protocol that have ended.

What a client clears is hidden, and nothing else: the runs stay, with their outputs.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    Update,
    column,
    func,
    literal_column,
    select,
    union_all,
    update,
)

from hub.records.run import Origin, Run, RunNode, RunState
from hub.storage import tables
from hub.storage.database import Database
from hub.storage.runs import RUNS, run_of_row

ENDED = frozenset(state for state in RunState if state.ended)
_TABLE = tables.runs.c
_AT_ONCE = 2000  # rows in one unit of the writer
_MOST_COUNTS = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class _Settled:
    """How many runs are listed with a number below `floor`. All of those have ended, so that only
    hiding and letting go changes their number; the `stamp` tells whether that happened since."""

    stamp: tuple[int, int]
    floor: int
    count: int


_NOTHING = _Settled(stamp=(-1, -1), floor=0, count=0)


class PromptHistory:
    """Pages of ended runs, which no client has cleared.

    `_settled` are counts by what was counted; `_hidings` grows whenever runs are hidden.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._settled: dict[Any, _Settled] = {}
        self._hidings = 0

    async def get(self, run: str) -> Run | None:
        """The ended run of that id, whoever asked for it; None if it was cleared."""
        statement = RUNS.where(_TABLE.id == run, _TABLE.ended_at.is_not(None), ~_TABLE.hidden)
        row = await self._database.read(lambda connection: connection.execute(statement).first())
        return None if row is None else run_of_row(row)

    async def latest(self, count: int) -> list[int]:
        """The numbers of those that ended last, in the order in which they ended."""
        statement = select(_TABLE.number).where(tables.LISTED).order_by(_TABLE.ended_at.desc())
        return (await self._numbers(statement.limit(count)))[::-1]

    async def ended_from(self, offset: int, count: int) -> list[int]:
        """The numbers of `count` of them, in the order in which they ended."""
        statement = select(_TABLE.number).where(tables.LISTED).order_by(_TABLE.ended_at)
        return await self._numbers(statement.offset(offset).limit(count))

    async def page(
        self,
        states: Collection[RunState],
        *,
        editor_workflow: str | None = None,
        by_duration: bool = False,
        descending: bool = True,
        offset: int = 0,
        count: int = -1,
    ) -> list[int]:
        """The numbers of those in `states`, in the order in which they were asked for, or
        `by_duration`; with -1 all of them."""
        if not states:
            return []
        # One query for each state: SQLite merges what is sorted, and sorts what it finds in one.
        is_all = editor_workflow is None and not by_duration and ENDED.issubset(states)
        each = [states] if is_all else [[state] for state in states]
        keys = ["duration", "number"] if by_duration else ["number"]
        listed = [_listed(part, editor_workflow).add_columns(_TABLE.duration) for part in each]
        ordered = union_all(*listed).order_by(*[_directed(column(k), descending) for k in keys])
        return await self._numbers(ordered.offset(offset).limit(count))

    async def count(
        self, states: Collection[RunState] = ENDED, editor_workflow: str | None = None
    ) -> int:
        """How many are in `states`. Of a million only those are counted again that came since."""
        number, asked = _TABLE.number, (frozenset(states), editor_workflow)
        stamp = (self._hidings, self._database.removals)
        settled = self._settled.get(asked, _NOTHING)
        known = settled if settled.stamp == stamp else _NOTHING
        listed = _listed(states, editor_workflow).with_only_columns(func.count(number))

        def work(connection: Connection) -> tuple[int, int, int]:
            floor = _floor(connection)
            came = connection.scalar(listed.where(number >= known.floor, number < floor)) or 0
            return floor, known.count + came, connection.scalar(listed.where(number >= floor)) or 0

        floor, below, above = await self._database.read(work)
        if len(self._settled) >= _MOST_COUNTS:
            self._settled.clear()
        self._settled[asked] = _Settled(stamp=stamp, floor=floor, count=below)
        return below + above

    async def details(self, numbers: Collection[int]) -> list[tuple[Run, list[RunNode]]]:
        """The runs of these numbers with what became of their nodes, in that order."""

        def work(connection: Connection) -> list[tuple[Run, list[RunNode]]]:
            rows = connection.execute(RUNS.where(_TABLE.number.in_(numbers))).all()
            runs = {run.number: run for run in map(run_of_row, rows)}
            nodes: dict[str, list[RunNode]] = {run.id: [] for run in runs.values()}
            of_these = select(tables.run_nodes).where(tables.run_nodes.c.run.in_(nodes))
            for row in connection.execute(of_these).all():
                nodes[row.run].append(RunNode(**row._mapping))
            return [(runs[number], nodes[runs[number].id]) for number in numbers if number in runs]

        return await self._database.read(work)

    async def hide(self, runs: Collection[str], *, only_ended: bool = False) -> None:
        """Never show these, by their ids; with `only_ended` none that has yet to end."""
        mine = update(tables.runs).where(_TABLE.origin == Origin.PROMPT).values(hidden=True)
        if only_ended:
            mine = mine.where(_TABLE.ended_at.is_not(None))
        ids = sorted(runs)
        for first in range(0, len(ids), _AT_ONCE):
            await self._update(mine.where(_TABLE.id.in_(ids[first : first + _AT_ONCE])))

    async def hide_all(self) -> None:
        """Show none of those any more that have ended by now; piece by piece, as they may be many,
        and others want to write."""
        if not (last := await self.latest(1)):
            return
        until = select(_TABLE.ended_at).where(_TABLE.number.in_(last)).scalar_subquery()
        piece = (
            select(_TABLE.number)
            .where(tables.LISTED, _TABLE.ended_at <= until)
            .order_by(_TABLE.ended_at)
            .limit(_AT_ONCE)
        )
        statement = update(tables.runs).where(_TABLE.number.in_(piece)).values(hidden=True)
        while await self._update(statement):
            pass

    async def _update(self, statement: Update) -> int:
        """How many rows it touched."""
        try:
            self._hidings += 1
            return await self._database.write(
                lambda connection: connection.execute(statement).rowcount
            )
        finally:
            self._hidings += 1  # a count that went on meanwhile may have seen either

    async def _numbers(self, statement: Select[Any] | CompoundSelect[Any]) -> list[int]:
        return await self._database.read(lambda connection: [*connection.scalars(statement)])


def _floor(connection: Connection) -> int:
    """The lowest number of a run that has not ended; if all have, the next number."""
    number = _TABLE.number
    lowest = connection.scalar(select(func.min(number)).where(_TABLE.ended_at.is_(None)))
    return (connection.scalar(select(func.max(number))) or 0) + 1 if lowest is None else lowest


def _listed(states: Collection[RunState], editor_workflow: str | None) -> Select[Any]:
    statement = select(_TABLE.number).where(tables.LISTED)
    if editor_workflow is None and len(states) > 1 and ENDED.issubset(states):
        return statement
    # That it is not hidden is said once more for the sake of an index.
    statement = statement.where(_TABLE.hidden == literal_column("0"), _TABLE.state.in_(states))
    if editor_workflow is not None:
        statement = statement.where(_TABLE.editor_workflow == editor_workflow)
    return statement


def _directed(key: ColumnElement[Any], descending: bool) -> ColumnElement[Any]:
    return key.desc() if descending else key.asc()
