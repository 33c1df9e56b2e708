"""What happened to a file, and what templates see of it as `trigger`."""

import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hub.records.media import Media
from hub.records.sighting import Sighting
from hub.triggers.base import Observation
from hub.triggers.folder_settings import FolderEvent

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FACTS = ("kind", "format", "width", "height", "duration", "fps", "frames", "alpha")


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """One event of one file below the watched `folder`.

    `stored` is the file's name in the input store; like `media` it is None for a file that is
    gone. `match` holds what the named groups of the regular expression found.
    """

    event: FolderEvent
    folder: str
    file: Sighting
    match: dict[str, str | None]
    media: Media | None = None
    stored: str | None = None
    previous_path: str | None = None

    def observation(self, *, moment: str, sighting: Sighting | None = None) -> Observation:
        """To be accepted with this ledger row. `moment` tells this arrival, or loss, of the file
        from every other, and is the same again if the hub stops before the event is on disk."""
        facts = (self.event.value, self.file.path, self.file.sha256 or "", moment)
        digest = hashlib.sha256(b"\0".join(os.fsencode(fact) for fact in facts)).hexdigest()
        return Observation(
            key=f"{self.event}-{digest}",
            variables=self.variables(),
            sightings=(sighting,) if sighting else (),
        )

    def variables(self) -> dict[str, Any]:
        """All of it as JSON; names may hold surrogate escapes. Relative paths have slashes, and
        `relative_dir` is empty for a file that lies in the watched folder itself."""
        path = self.file.path
        relative = path.relative_to(self.folder)
        return {
            "event_type": self.event.value,
            "path": str(path),
            "file": path.name,
            "folder": self.folder,
            "relative_path": relative.as_posix(),
            "relative_dir": "/".join(relative.parts[:-1]),
            "stem": path.stem,
            "suffix": path.suffix,
            "size": self.file.size,
            "mtime": (_EPOCH + timedelta(microseconds=self.file.mtime_ns // 1000)).isoformat(),
            "mtime_ns": self.file.mtime_ns,
            "inode": self.file.inode,
            "sha256": self.file.sha256,
            "input": self.stored,
            "media": _media_variables(self.media),
            "match": self.match,
            "previous_path": self.previous_path,
        }


def _media_variables(media: Media | None) -> dict[str, Any]:
    facts = {name: getattr(media, name, None) for name in _FACTS}
    kind = media.kind.value if media else None
    return {**facts, "kind": kind, "exif": media.exif if media else {}}
