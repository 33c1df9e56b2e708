"""An output: a file that a run produced."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class OutputFolder(StrEnum):
    """Where a produced file goes: kept, or shown and forgotten."""

    OUTPUT = "output"
    TEMP = "temp"


@dataclass(frozen=True, kw_only=True, slots=True)
class Output:
    """A file that a run produced, under its final name.

    `shared_from` is the output it was first written as, when a run served from the cache lists
    what an earlier run made. `size` is in bytes; `width` and `height` in pixels, where known.
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
