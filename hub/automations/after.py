"""`after:` what becomes of the source file once a firing has ended."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from hub.automations.actions.base import Means
from hub.automations.permission import permitted
from hub.crash import crash_point
from hub.errors import HubError
from hub.records.event import Event
from hub.storage.placements import (
    MOVED_SOURCE,
    Wanted,
    find_placement,
    mark_done,
    note_deleted,
)


class SourceChanged(HubError):
    """The source file is no longer the one that the event was about."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} was changed or replaced meanwhile; it was left where it is.")


class Move(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """To another folder."""

    move: Annotated[
        str, Meta(description="Folder to move it to; relative ones count from the watched folder.")
    ]


Fate = Literal["keep", "delete"] | Move


class After(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to do with the source file, by how the firing ended."""

    success: Annotated[
        Fate, Meta(description="`keep`, `delete`, or `{move: FOLDER}`, counted from the watched.")
    ] = "keep"
    failure: Annotated[Fate, Meta(description="The same for a firing that failed.")] = "keep"

    @property
    def takes_away(self) -> bool:
        """Whether the file may not stay where it is."""
        return self.success != "keep" or self.failure != "keep"


async def see_off(event: Event, fate: Fate, firing: str, means: Means) -> None:
    """Move or delete the file that `event` is about, or all those of a batch.

    Raises `SourceChanged`, `NotAllowed`, when all is done that can be.
    """
    failure: HubError | None = None
    for number, file in enumerate(event.variables.get("files") or [event.variables]):
        slot = f"{MOVED_SOURCE}/{number}" if number else MOVED_SOURCE
        try:
            if isinstance(fate, Move):
                await move_source(file, fate, firing, means, slot=slot)
            elif fate == "delete":
                await delete_source(file, firing, means, slot=slot)
        except HubError as error:
            failure = failure or error
    if failure is not None:
        raise failure


async def delete_source(
    file: Mapping[str, Any], firing: str, means: Means, *, slot: str = MOVED_SOURCE
) -> None:
    """Delete one file, by its variables; that it is gone already is no mistake.

    It is noted first, so that folder triggers know who did it. Raises `SourceChanged`.
    """
    source = Path(file["path"])
    wanted = _placed(file, source, firing, slot)
    unchanged = await asyncio.to_thread(_is_unchanged, source, file)
    if unchanged is False:
        raise SourceChanged(source)
    if unchanged:
        await means.database.write(lambda connection: note_deleted(connection, wanted))
        await asyncio.to_thread(source.unlink, missing_ok=True)


async def move_source(
    file: Mapping[str, Any],
    to: Move,
    firing: str,
    means: Means,
    *,
    slot: str = MOVED_SOURCE,
) -> Path | None:
    """Move one file, by its variables; gives its new path, or None if it is gone already.

    The file is linked under its new name before the old name goes, so it is never without one; the
    hub's folder triggers know the new name before it appears. Raises `SourceChanged`, `NotAllowed`.
    """
    source = Path(file["path"])
    folder = Path(file["folder"]) / to.move
    target = permitted(folder / file["relative_path"], means.folders)
    wanted = _placed(file, target, firing, slot)
    unchanged = await asyncio.to_thread(_is_unchanged, source, file)
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


def _placed(file: Mapping[str, Any], target: Path, firing: str, slot: str) -> Wanted:
    return Wanted(
        owner=firing,
        slot=slot,
        source=Path(file["path"]),
        folder=target.parent,
        stem=target.stem,
        suffix=target.suffix,
        sha256=file["sha256"],
        size=file["size"],
    )


async def _moved_before(wanted: Wanted, means: Means) -> bool:
    found = await means.database.read(
        lambda connection: find_placement(connection, wanted.owner, wanted.slot)
    )
    return found is not None


def _is_unchanged(path: Path, file: Mapping[str, Any]) -> bool | None:
    """Whether the file is still the one the event was about; None if it is gone."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    known = (file["size"], file["mtime_ns"])
    return (status.st_size, status.st_mtime_ns) == known
