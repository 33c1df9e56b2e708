"""Placements: the names under which the hub put files, or is about to."""

from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from hub.records.placement import Placement
from hub.storage import tables
from hub.storage.prepared import Prepared

MOVED_SOURCE = "after"  # the slot, in a firing, of the file that its event was about


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is to be put somewhere once. `owner` and `slot` say what for.

    The name is `folder/stem suffix`; `counted` names always carry a counter, as `stem_00001_.png`,
    others get one only when the plain name is taken. With `as_copy` the new file shares nothing
    with its source, so that changing one leaves the other.
    """

    owner: str
    slot: str
    source: Path
    folder: Path
    stem: str
    suffix: str
    sha256: str
    size: int
    counted: bool = False
    as_copy: bool = False

    def name(self, counter: int) -> Path:
        """The name for a counter; 0 is the plain one."""
        if self.counted:
            return self.folder / f"{self.stem}_{counter:05}_{self.suffix}"
        return self.folder / (
            f"{self.stem} ({counter}){self.suffix}" if counter else f"{self.stem}{self.suffix}"
        )


def find_placement(connection: Connection, owner: str, slot: str) -> Placement | None:
    """What was reserved or put there for this purpose before."""
    row = connection.execute(_OF_PURPOSE, {"owner": owner, "slot": slot}).first()
    return None if row is None else _placement(row)


def reserve(connection: Connection, wanted: Wanted, path: Path) -> Placement | None:
    """Reserve `path`; None if another purpose holds it.

    A purpose that has a name already, from before a crash, keeps that. A file that the hub put
    there and somebody took away since holds its name no longer.
    """
    placement = Placement(
        owner=wanted.owner,
        slot=wanted.slot,
        path=path,
        sha256=wanted.sha256,
        size=wanted.size,
        done=False,
    )
    row = {name: getattr(placement, name) for name in _FIELDS} | {"gone": False}
    if _INSERT.run(connection, row):
        return placement
    if known := find_placement(connection, wanted.owner, wanted.slot):
        return known
    holder = connection.execute(_HOLDER, {"path": path}).one()
    if not holder.done or path.exists():
        return None
    connection.execute(_LET_GO, {"b_number": holder.number})
    _INSERT.run(connection, row)
    return placement


def forget(connection: Connection, placement: Placement) -> None:
    """Give up a reservation whose name turned out to be another's."""
    connection.execute(_DELETE, {"owner": placement.owner, "slot": placement.slot})


def mark_done(connection: Connection, placements: list[Placement]) -> None:
    """The files are there, whole and synced."""
    rows = [{"b_owner": placement.owner, "b_slot": placement.slot} for placement in placements]
    _DONE.run_many(connection, rows)


def note_deleted(connection: Connection, wanted: Wanted) -> None:
    """The hub takes the file of that name away for this purpose; it holds the name no longer."""
    names = ("owner", "slot", "sha256", "size")
    row = {name: getattr(wanted, name) for name in names} | {"path": wanted.name(0)}
    _INSERT.run(connection, row | {"done": True, "gone": True})


_TABLE = tables.placements
_FIELDS = ("owner", "slot", "path", "sha256", "size", "done")
_OF_PURPOSE = select(_TABLE).where(
    _TABLE.c.owner == bindparam("owner"), _TABLE.c.slot == bindparam("slot")
)
_HOLDER = select(_TABLE).where(_TABLE.c.path == bindparam("path"), tables.THERE)
_LET_GO = update(_TABLE).where(_TABLE.c.number == bindparam("b_number")).values(gone=True)
_INSERT = Prepared(insert(_TABLE).on_conflict_do_nothing(), [*_FIELDS, "gone"])
_DELETE = delete(_TABLE).where(
    _TABLE.c.owner == bindparam("owner"), _TABLE.c.slot == bindparam("slot")
)
_DONE = Prepared(
    update(_TABLE)
    .where(_TABLE.c.owner == bindparam("b_owner"), _TABLE.c.slot == bindparam("b_slot"))
    .values(done=True)
)


def _placement(row: Any) -> Placement:
    return Placement(**{name: row._mapping[name] for name in _FIELDS})
