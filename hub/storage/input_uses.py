"""Which files of the input store something refers to."""

from functools import partial
from typing import Any

from sqlalchemy import Column, Connection, Select, Text, cast, or_, select

from hub.storage import tables
from hub.storage.database import Database
from hub.storage.input_store import STORE_NAME

_AT_ONCE = 500  # texts that are looked through in one go
_GRAPHS, _EVENTS = tables.graphs.c, tables.events.c
_IN_GRAPHS = select(_GRAPHS.hash, cast(_GRAPHS.graph, Text))  # as it stands: nobody reads the JSON
_IN_EVENTS = select(_EVENTS.number, cast(_EVENTS.variables, Text))
_OF_OPEN_RUNS = _GRAPHS.hash.in_(
    select(tables.runs.c.graph).where(tables.runs.c.ended_at.is_(None))
)
_NOT_OVER = or_(tables.firings.c.id.is_(None), tables.firings.c.ended_at.is_(None))


class InputUses:
    """Looks for names of files in graphs and events, in pieces."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def anywhere(self) -> set[str]:
        """Those in the whole history."""
        graphs = await self._names(_IN_GRAPHS, _GRAPHS.hash, "")
        return graphs | await self._names(_IN_EVENTS, _EVENTS.number, 0)

    async def under_way(self) -> set[str]:
        """Those of runs that have not ended, and of events that are not over."""
        graphs = await self._names(_IN_GRAPHS.where(_OF_OPEN_RUNS), _GRAPHS.hash, "")
        events = _IN_EVENTS.outerjoin(tables.firings, tables.firings.c.event == _EVENTS.id)
        return graphs | await self._names(events.where(_NOT_OVER), _EVENTS.number, 0)

    async def _names(self, texts: Select[Any], key: Column[Any], after: object) -> set[str]:
        ordered = texts.order_by(key).limit(_AT_ONCE)
        found: set[str] = set()
        while after is not None:
            piece = partial(_names_in, texts=ordered.where(key > after))
            names, after = await self._database.read(piece)
            found |= names
        return found


def _names_in(connection: Connection, texts: Select[Any]) -> tuple[set[str], object]:
    """The names in these texts, and the key of the last text; None if there is none."""
    rows = connection.execute(texts).all()
    names = {name for _, text in rows for name in STORE_NAME.findall(text)}
    return names, rows[-1][0] if rows else None
