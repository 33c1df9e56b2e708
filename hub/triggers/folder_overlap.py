"""Whether two folder triggers would take the same file, as far as their settings tell."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from hub.triggers.folder_selection import Selection, usual_patterns
from hub.triggers.folder_settings import FolderSettings
from hub.triggers.folder_watch import root_of

_WILD = re.compile(r"[*?\[\]]+")


def may_both_take(one: FolderSettings, other: FolderSettings, config: Path) -> bool:
    """Whether there could be a file for both. Different regular expressions are taken to tell
    files apart."""
    roots = (root_of(one, config), root_of(other, config))
    if one.regex and other.regex and one.regex != other.regex:
        return False
    if not (_reaches(one, *roots) or _reaches(other, *reversed(roots))):
        return False
    return any(
        _may_both_fit(pattern, another)
        for pattern in _patterns(one)
        for another in _patterns(other)
    )


def _reaches(settings: FolderSettings, root: str, folder: str) -> bool:
    """Whether the trigger that watches `root` looks into `folder`."""
    inside = folder == root or folder.startswith(root + os.sep)
    return inside and Selection(root, settings).against_tree(folder) is None


def _patterns(settings: FolderSettings) -> Iterator[str]:
    return iter(settings.patterns or usual_patterns(settings.media))


def _may_both_fit(one: str, other: str) -> bool:
    """Whether the plain ends of two patterns allow one name for both."""
    ends = [_WILD.split(pattern.lower()) for pattern in (one, other)]
    (first, *_), (second, *_) = ends
    if "/" not in one + other and not _agree(first, second):
        return False
    last, other_last = ends[0][-1][::-1], ends[1][-1][::-1]
    return _agree(last, other_last)


def _agree(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
