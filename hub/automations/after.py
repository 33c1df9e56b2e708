"""`after:` what becomes of the source file once a firing has ended."""

import asyncio
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from hub.automations.actions.base import Means
from hub.automations.permission import permitted
from hub.crash import crash_point
from hub.errors import HubError
from hub.records.event import Event
from hub.storage.placements import MOVED_SOURCE, Wanted, find_placement, mark_done


class SourceChanged(HubError):
    """The source file is no longer the one that the event was about."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} was changed or replaced meanwhile; it was left where it is.")


class Outcome(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to do with the source file."""

    move: Annotated[
        str, Meta(description="Folder to move it to; relative ones count from the watched folder.")
    ]


class After(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to do with the source file, by how the firing ended."""

    success: Outcome | None = None
    failure: Outcome | None = None


async def move_source(event: Event, outcome: Outcome, firing: str, means: Means) -> Path | None:
    """Move the file that `event` is about; gives its new path, or None if it is gone already.

    The file is linked under its new name before the old name goes, so it is never without one; the
    hub's folder triggers know the new name before it appears. Raises `SourceChanged`, `NotAllowed`.
    """
    source = Path(event.variables["path"])
    folder = Path(event.variables["folder"]) / outcome.move
    target = permitted(folder / event.variables["relative_path"], means.folders)
    wanted = Wanted(
        owner=firing,
        slot=MOVED_SOURCE,
        source=source,
        folder=target.parent,
        stem=target.stem,
        suffix=target.suffix,
        sha256=event.variables["sha256"],
        size=event.variables["size"],
    )
    unchanged = await asyncio.to_thread(_is_unchanged, source, event)
    if unchanged is False:
        raise SourceChanged(source)
    if unchanged is None and not await _moved_before(wanted, means):
        return None
    crash_point("before_move")
    [placement] = await asyncio.to_thread(means.placing.put, [wanted])
    crash_point("during_move")
    await asyncio.to_thread(source.unlink, missing_ok=True)
    await means.database.write(lambda connection: mark_done(connection, [placement]))
    crash_point("after_move")
    return placement.path


async def _moved_before(wanted: Wanted, means: Means) -> bool:
    found = await means.database.read(
        lambda connection: find_placement(connection, wanted.owner, wanted.slot)
    )
    return found is not None


def _is_unchanged(path: Path, event: Event) -> bool | None:
    """Whether the file is still the one the event was about; None if it is gone."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    known = (event.variables["size"], event.variables["mtime_ns"])
    return (status.st_size, status.st_mtime_ns) == known
