"""What a trigger would do, while somebody is still writing it."""

import heapq
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import msgspec

from hub.automations.home_assistant import trigger_of_ours
from hub.automations.loading import Configuration
from hub.automations.trigger import AnyTrigger, placed
from hub.config.documents import Documents
from hub.config.fields import rewritten
from hub.config.folders import Folders
from hub.config.problems import Problems
from hub.config.reader import Reader
from hub.triggers.folder import FolderTrigger
from hub.triggers.scheduled import Scheduled
from hub.triggers.sun import SunTrigger

TIMES = 10
FILES = 8
_LOOKED_AT = 5000  # files; a folder with more shows the latest of those


@dataclass(frozen=True, kw_only=True, slots=True)
class FilePreview:
    """A file in the folder; `against` says why the trigger would leave it out."""

    name: str
    written_at: datetime
    against: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TriggerPreview:
    """The next moments of a schedule, or the latest files of a folder. `problem` says why there is
    nothing to show."""

    problem: str | None = None
    times: tuple[datetime, ...] = ()
    files: tuple[FilePreview, ...] = ()


class _Written(msgspec.Struct, frozen=True):
    trigger: Annotated[AnyTrigger, rewritten(trigger_of_ours)]


def preview(written: dict[str, Any], now: datetime, current: Configuration) -> TriggerPreview:
    """What a trigger would do that says `written`, in a hub that runs with `current`."""
    problems = Problems()
    documents = Documents(current.folders.config)
    element = documents.load_text(json.dumps({"trigger": written}), Path("trigger"))
    read = Reader(problems).read(element, _Written)
    if read is None:
        return TriggerPreview(problem="; ".join(each.message for each in problems.in_order()))
    try:
        return _of(read.trigger, now, current)
    except (OSError, ValueError) as error:
        return TriggerPreview(problem=getattr(error, "strerror", None) or str(error))


def _of(trigger: AnyTrigger, now: datetime, current: Configuration) -> TriggerPreview:
    trigger = placed(trigger, current.time_zone, current.settings.location)
    match trigger:
        case SunTrigger() if not trigger.has_place:
            return TriggerPreview(
                problem="It needs `location:` in hub.yaml, or a place of its own."
            )
        case Scheduled():
            return TriggerPreview(times=tuple(trigger.next_times(now, TIMES)))
        case FolderTrigger():
            return _of_folder(trigger, current.folders)
    return TriggerPreview()


def _of_folder(trigger: FolderTrigger, folders: Folders) -> TriggerPreview:
    root = folders.config / trigger.path
    if not folders.allows(root):
        return TriggerPreview(
            problem=f"{trigger.path!r} is not among the allowed folders of hub.yaml."
        )
    latest = heapq.nlargest(FILES, islice(files_in(root), _LOOKED_AT))
    return TriggerPreview(
        files=tuple(
            FilePreview(
                name=path.relative_to(root).as_posix(),
                written_at=datetime.fromtimestamp(written, UTC),
                against=trigger.explain(path, folders),
            )
            for written, path in latest
        )
    )


def files_in(root: Path) -> Iterator[tuple[float, Path]]:
    """All below a folder, with when they were written. Raises `OSError` if there is none."""
    os.scandir(root).close()
    for place, _, names in os.walk(root):
        for name in names:
            path = Path(place, name)
            with suppress(FileNotFoundError):  # it has just gone
                yield path.lstat().st_mtime, path
