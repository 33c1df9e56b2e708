"""The folder trigger: every file that lands in a folder, once it is whole."""

import os
import stat
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import Any, ClassVar

from hub.config.folders import Folders
from hub.records.media import Media, MediaKind
from hub.records.sighting import Sighting, SightingState
from hub.triggers.base import TriggerContext
from hub.triggers.folder_batch import joined
from hub.triggers.folder_happening import Happening
from hub.triggers.folder_regex import group_names
from hub.triggers.folder_rows import lies_below
from hub.triggers.folder_selection import Selection
from hub.triggers.folder_settings import FolderSettings, WantedMedia
from hub.triggers.folder_watch import FolderWatch, root_of

_SAMPLE_HASH = "0123456789abcdef" * 4


class FolderTrigger(
    FolderSettings,
    frozen=True,
    kw_only=True,
    tag_field="trigger",
    tag="folder",
    forbid_unknown_fields=True,
):
    """Fires when something happens to a file below a folder.

    A file is looked at when its name is one of those that are wanted, opened when it has been
    quiet for a while, and accepted when it can be decoded to its end.
    """

    kind: ClassVar[str] = "folder"

    async def watch(self, context: TriggerContext) -> None:
        await FolderWatch(self, context).run()

    def sample(self) -> dict[str, Any]:
        """A picture that was just added, or a video or sound where those are wanted."""
        kind = MediaKind.IMAGE if self.media is WantedMedia.ANY else MediaKind(self.media.value)
        folder = root_of(self, Path("/"))
        name, media = _SAMPLES[kind]
        path = Path(folder) / "sample" / name
        file = Sighting(
            path=path,
            size=123_456,
            mtime_ns=1_768_478_400_000_000_000,
            inode=1,
            state=SightingState.ADMITTED,
            reason="",
            seen_at=datetime(2026, 1, 15, 12, tzinfo=UTC),
            sha256=_SAMPLE_HASH,
        )
        variables = Happening(
            event=self.events[0],
            folder=folder,
            file=file,
            media=media,
            stored=f"{_SAMPLE_HASH}{path.suffix}",
            match=dict.fromkeys(group_names(self.regex), "sample"),
        ).variables()
        return variables if self.batch is None else joined("sample", [variables])

    def reaches(self, path: Path, folders: Folders) -> bool:
        """Whether something lies in the watched folder, however deep."""
        return lies_below(os.fspath(path), [root_of(self, folders.config)])

    def explain(self, path: Path, folders: Folders) -> str | None:
        """Why nothing is made of what lies at an absolute path; None if something would be."""
        root = root_of(self, folders.config)
        selection = Selection(root, self)
        text = os.path.abspath(path)  # noqa: PTH100 - resolves `..`
        return (
            selection.against_place(text)
            or _against_kind(Path(text), Path(root))
            or selection.against_file(text)
        )


def _against_kind(path: Path, root: Path) -> str | None:
    """Against what lies there, whatever it is called."""
    way = takewhile(lambda place: place != root, (path, *path.parents))
    links = [place for place in way if os.path.islink(place)]  # noqa: PTH114 - raises nothing
    if links:
        what = "It" if links == [path] else f"The folder {links[-1]}"
        return f"{what} is a symbolic link, and those are not followed."
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return f"It cannot be looked at: {(error.strerror or 'unknown reason').lower()}."
    if stat.S_ISDIR(mode):
        return "It is a folder, not a file."
    return None if stat.S_ISREG(mode) else "It is no regular file."


_SAMPLES = {
    MediaKind.IMAGE: (
        "sample.jpg",
        Media(kind=MediaKind.IMAGE, format="jpeg", width=1600, height=1200, frames=1),
    ),
    MediaKind.VIDEO: (
        "sample.mp4",
        Media(
            kind=MediaKind.VIDEO,
            format="mov",
            width=1920,
            height=1080,
            duration=10.0,
            fps=25.0,
            frames=250,
        ),
    ),
    MediaKind.AUDIO: (
        "sample.mp3",
        Media(kind=MediaKind.AUDIO, format="mp3", duration=180.0),
    ),
}
