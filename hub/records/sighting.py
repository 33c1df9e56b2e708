"""A sighting: what a folder trigger thinks of one file; the row of the ledger."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class SightingState(StrEnum):
    """A folder trigger's opinion of a file."""

    LEFT_ALONE = "left_alone"
    QUARANTINED = "quarantined"
    DUPLICATE = "duplicate"
    ADMITTED = "admitted"
    OWN = "own"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """A file under a folder trigger's eyes, as last judged.

    `size` in bytes, `mtime_ns` and `inode` as the file system gave them: while the three are
    unchanged the judgement stands. `reason` is a sentence for people. `event` is what came of it.
    """

    path: Path
    size: int
    mtime_ns: int
    inode: int
    state: SightingState
    reason: str
    seen_at: datetime
    sha256: str | None = None
    event: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """What is known of a file: whether the hub itself put its content there (an output, a moved
    file), the event that the content already led to in this automation, wherever it was, and the
    row of its name if that had a file which was never opened and is gone."""

    is_own: bool = False
    event: str | None = None
    unopened: Sighting | None = None
