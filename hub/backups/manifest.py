"""The manifest of a backup: what is in it, with the hash of each file, and where it came from."""

import json
from datetime import datetime
from typing import Any

import msgspec

from hub.errors import Invalid

NAME = "manifest.json"  # the last file of the archive, so that a truncated one has none
FORMAT = 1


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A file in the archive."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """`folders` are the absolute ones it was made from, by the first part of names in the archive:
    `config`, `data`, `output`. `secrets` tells whether secrets.yaml is in it."""

    format: int
    made_at: datetime
    revision: str | None
    secrets: bool
    folders: dict[str, str]
    files: dict[str, Kept]

    @property
    def bytes(self) -> int:
        return sum(kept.size for kept in self.files.values())


class NoManifest(Invalid):
    """The file is no backup, or not all of one."""

    def __init__(self, source: object) -> None:
        super().__init__(f"{source} is no backup of a hub, or was cut short: it has no manifest.")


class FormatTooNew(Invalid):
    """The backup was made by a later version."""

    def __init__(self, source: object) -> None:
        super().__init__(f"{source} was made by a newer version of the hub. Install that version.")


def to_json(manifest: Manifest) -> bytes:
    """By the standard library, which keeps file names that are no UTF-8."""
    return json.dumps(msgspec.to_builtins(manifest), indent=1).encode()


def from_json(text: bytes, source: object) -> Manifest:
    """Raises `NoManifest`, `FormatTooNew`."""
    try:
        read: Any = json.loads(text)
        if isinstance(read, dict) and read.get("format", 0) > FORMAT:
            raise FormatTooNew(source)
        return msgspec.convert(read, Manifest, strict=False)
    except (ValueError, TypeError, msgspec.ValidationError):
        raise NoManifest(source) from None
