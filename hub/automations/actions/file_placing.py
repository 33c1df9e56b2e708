"""Putting files where `file.move` and `file.copy` want them."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hub.automations.actions.base import Begun, StepContext
from hub.automations.actions.source_file import SourceFile, look_at, named_files
from hub.automations.permission import permitted
from hub.records.placement import Placement
from hub.storage.placements import MOVED_SOURCE, Wanted


class PlaceData(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `file.move` and `file.copy` take."""

    path: Annotated[
        Any,
        Meta(
            description="The file, or a list: paths, such as `{{ trigger.path }}`, or outputs."
            " Relative paths count from the configuration folder."
        ),
    ]
    to: Annotated[
        str,
        Meta(
            description="Template of each file's new path, with `file` (`path`, `name`, `stem`,"
            " `suffix`, `folder`, `size`) and `loop.index`. With `/` at its end it is a folder. A"
            " taken name gets a number."
        ),
    ]


class _Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A file and where it is to go."""

    source: SourceFile
    target: str


async def plan(data: PlaceData, step: StepContext) -> Begun:
    """Look at the files and decide where each goes. Raises `NotAllowed` and what looking raises."""
    paths = await named_files(data.path, step)
    planned = []
    for index, path in enumerate(paths):
        source = await asyncio.to_thread(look_at, path, hashed=True)
        loop = {"index": index + 1, "index0": index, "length": len(paths)}
        seen = {"file": source.seen(), "loop": loop}
        text = str(await step.render(data.to, native=False, extra=seen))
        target = Path(text, path.name) if text.endswith("/") else Path(text)
        planned.append(_Placed(source=source, target=str(permitted(target, step.means.folders))))
    return Begun(note=msgspec.to_builtins(planned))


def planned_sources(step: StepContext) -> list[SourceFile]:
    """The files of the plan."""
    return [placed.source for placed in msgspec.convert(step.note, list[_Placed])]


async def put(step: StepContext, *, as_copy: bool) -> list[Placement]:
    """Put each file of the plan under its new name, exactly once. Raises `FileChanged`, and what
    placing raises."""
    planned = msgspec.convert(step.note, list[_Placed])
    wanted = [_wanted(step, index, item, as_copy) for index, item in enumerate(planned)]
    return await asyncio.to_thread(_put, step, planned, wanted)


def _put(
    step: StepContext, planned: Sequence[_Placed], wanted: Sequence[Wanted]
) -> list[Placement]:
    for item in planned:
        item.source.is_there()
    return step.means.placing.put(wanted)


def _wanted(step: StepContext, index: int, item: _Placed, as_copy: bool) -> Wanted:
    target = Path(item.target)
    return Wanted(
        owner=step.firing,
        slot=_slot(step, index, item, as_copy),
        source=Path(item.source.path),
        folder=target.parent,
        stem=target.stem,
        suffix=target.suffix,
        sha256=item.source.sha256,
        size=item.source.size,
        as_copy=as_copy,
    )


def _slot(step: StepContext, index: int, item: _Placed, as_copy: bool) -> str:
    """A move of the very file that the event was about counts as that, as with `after`."""
    variables = step.event.variables
    is_source = step.event.platform == "folder" and variables.get("path") == item.source.path
    return MOVED_SOURCE if is_source and not as_copy else f"{step.key}/{index}"
