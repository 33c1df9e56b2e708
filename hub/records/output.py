"""An output: a file that a run produced."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import msgspec


class OutputFolder(StrEnum):
    """Where a produced file goes: kept, or shown and forgotten."""

    OUTPUT = "output"
    TEMP = "temp"


class Output(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a run produced, under its final name.

    `shared_from` is the output it was first written as, when a run served from the cache lists
    what an earlier run made. `size` is in bytes; `width` and `height` in pixels, where known.
    `deleted_at` is when somebody deleted the file over the API. One that is `starred` stays until
    somebody deletes it.
    """

    id: int
    run: str
    node: str
    index: int
    kind: str
    folder: OutputFolder
    path: Path
    sha256: str
    size: int
    created_at: datetime
    width: int | None = None
    height: int | None = None
    shared_from: int | None = None
    deleted_at: datetime | None = None
    starred: bool = False


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """An output with its tags, and number, workflow and automation of the run that made it."""

    output: Output
    tags: tuple[str, ...] = ()
    number: int
    workflow: str | None
    automation: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Which outputs: all that fit what is given. `outputs` are ids."""

    workflow: str | None = None
    automation: str | None = None
    tag: str | None = None
    starred: bool = False
    outputs: tuple[int, ...] | None = None
