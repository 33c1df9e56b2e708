"""Facts of files in templates, ours.

Whoever renders does not look at files. A rendering that needs a fact which it was not given ends
with `FactNeeded`; the hub finds the fact out and has the template rendered again, which comes to
the same point, since the same rendering gives the same result.
"""

import hashlib
from random import Random
from typing import Any

from hub.automations.template_rendering import current_rendering

_SEEDS = 1 << 53  # beyond that not every program reads a number exactly


class FactNeeded(Exception):
    """`kind` is the fact, `subject` the file or list that it is about."""

    def __init__(self, kind: str, subject: str) -> None:
        super().__init__(kind, subject)
        self.kind = kind
        self.subject = subject


def image_size(file: Any) -> Any:
    """Width and height in pixels of a picture or video, as it is shown."""
    return _fact("image_size", _path_of(file))


def exif(file: Any, tag: str | None = None) -> Any:
    """A picture's EXIF by tag names, or one tag of it; None if it has none such."""
    tags = _fact("exif", _path_of(file))
    return tags if tag is None else tags.get(tag)


def phash(file: Any) -> Any:
    """A perceptual hash, 16 hexadecimal digits: pictures that look alike differ in few bits."""
    return _fact("phash", _path_of(file))


def dominant_color(file: Any) -> Any:
    """The colour that most of a picture has, as `#rrggbb`."""
    return _fact("dominant_color", _path_of(file))


def wildcard(name: str, seed: Any = None) -> Any:
    """A line by chance of `wildcards/<name>.txt` in the configuration folder; with a seed always
    the same one."""
    lines = _fact("wildcard", str(name))
    chance = current_rendering.get().chance if seed is None else Random(f"{seed}")  # noqa: S311
    return chance.choice(lines)


def seed_from(value: Any) -> int:
    """A seed made of any value, the same for the same value."""
    digest = hashlib.sha256(str(value).encode(errors="surrogateescape")).digest()
    return int.from_bytes(digest[:8], "big") % _SEEDS


def fact_key(kind: str, subject: str) -> str:
    """What a fact is known by."""
    return f"{kind} {subject}"


def _fact(kind: str, subject: str) -> Any:
    known = current_rendering.get().facts.get(fact_key(kind, subject))
    if known is None:
        raise FactNeeded(kind, subject)
    if "problem" in known:
        raise ValueError(known["problem"])
    return known["value"]


def _path_of(file: Any) -> str:
    """Of a path, or of what has one, such as an output."""
    path = file.get("path") if isinstance(file, dict) else file
    if not isinstance(path, str) or not path:
        raise TypeError(f"{str(file)[:60]!r} is no file: a path or an output is wanted")
    return path
