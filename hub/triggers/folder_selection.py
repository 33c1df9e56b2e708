"""Which files below a watched folder are looked at, judged by their names alone."""

import os
import posixpath
from collections.abc import Iterator

from hub.records.media import MediaKind
from hub.triggers.folder_patterns import BUILT_IN_IGNORE, pattern
from hub.triggers.folder_regex import PathExpression
from hub.triggers.folder_settings import FolderSettings, WantedMedia

_SUFFIXES = {
    MediaKind.IMAGE: "jpg jpeg jpe jfif png webp avif gif tif tiff bmp jp2 ppm pgm",
    MediaKind.VIDEO: "mp4 m4v mov mkv webm avi mpg mpeg ts mts m2ts wmv flv ogv 3gp mxf",
    MediaKind.AUDIO: "mp3 wav flac m4a aac ogg oga opus aif aiff wma",
}
_KIND_OF = {f".{suffix}": kind for kind, names in _SUFFIXES.items() for suffix in names.split()}


def usual_patterns(media: WantedMedia) -> list[str]:
    """What is looked at where no patterns are given."""
    return [f"*{suffix}" for suffix, kind in _KIND_OF.items() if media.takes(kind)]


class Selection:
    """The names that one folder trigger is about.

    Its answers are the reasons why a file or folder is *not* looked at, as sentences, or None.
    Paths are absolute texts below `root`.
    """

    def __init__(self, root: str, settings: FolderSettings) -> None:
        self.root = root
        self._media = settings.media
        self._depth = settings.deepest
        self._patterns = [pattern(text) for text in settings.patterns]
        self._ignored = [pattern(text) for text in (*BUILT_IN_IGNORE, *settings.ignore)]
        self._expression = PathExpression(settings.regex) if settings.regex else None

    def relative(self, path: str) -> str:
        """The path below the root, with slashes."""
        return path[len(self.root) :].lstrip(os.sep).replace(os.sep, "/")

    def groups(self, path: str) -> dict[str, str | None]:
        """What the named groups of the regular expression found."""
        return self._expression.groups(self.relative(path)) if self._expression else {}

    @property
    def complaints(self) -> list[str]:
        """What is wrong with how names are chosen, as sentences."""
        return self._expression.complaints if self._expression else []

    def against(self, path: str) -> str | None:
        """Against looking at the file at `path`, with all the folders it lies in."""
        return self.against_place(path) or self.against_file(path)

    def against_tree(self, path: str) -> str | None:
        """Against looking through the folder at `path`, with all the folders it lies in."""
        if path == self.root:
            return None
        return self.against_place(path) or self.against_folder(path)

    def against_place(self, path: str) -> str | None:
        """Against looking at anything at `path`, because of where it lies."""
        if not path.startswith(self.root + os.sep):
            return f"It lies outside of {self.root}."
        for folder in _folders_above(self.relative(path)):
            if reason := self.against_folder(f"{self.root}{os.sep}{folder}"):
                return reason
        return None

    def against_folder(self, path: str) -> str | None:
        """Against looking into a folder, if there is nothing against those above it."""
        relative = self.relative(path)
        if self._depth is not None and relative.count("/") >= self._depth:
            return f"It lies deeper than the {self._depth} folders that are looked into."
        return self._ignored_by(relative, folder=True)

    def against_file(self, path: str) -> str | None:
        """Against looking at a file, if there is nothing against the folders above it."""
        relative = self.relative(path)
        if reason := self._ignored_by(relative, folder=False):
            return reason
        if self._patterns and not any(known.matches(relative) for known in self._patterns):
            return f"Its name fits none of {', '.join(known.text for known in self._patterns)}."
        if self._expression and (reason := self._expression.against(relative)):
            return reason
        return self._against_suffix(relative)

    def _ignored_by(self, relative: str, *, folder: bool) -> str | None:
        for ignored in self._ignored:
            if ignored.matches(relative, folder=folder):
                return f"It is ignored because of the pattern {ignored.text}."
        return None

    def _against_suffix(self, relative: str) -> str | None:
        suffix = posixpath.splitext(relative)[1].lower()
        kind = _KIND_OF.get(suffix)
        if kind is None and not self._patterns:
            return f"Its suffix {suffix!r} is not known as that of a picture, video or sound."
        if kind is not None and not self._media.takes(kind):
            return f"Its suffix {suffix} is that of media of the kind {kind}, not {self._media}."
        return None


def _folders_above(relative: str) -> Iterator[str]:
    """From the outermost to the innermost; those of `a/b/c.jpg` are `a` and `a/b`."""
    end = relative.find("/")
    while end >= 0:
        yield relative[:end]
        end = relative.find("/", end + 1)
