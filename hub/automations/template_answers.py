"""Finding out the facts that templates ask for: from the probe, and from lists of wildcards."""

import asyncio
from pathlib import Path
from typing import Any

from hub.automations.permission import permitted
from hub.config.folders import Folders
from hub.errors import HubError, Invalid, NotFound
from hub.probe.pool import ProbePool
from hub.records.media import Media

WILDCARDS = "wildcards"
_LARGEST_LIST = 1 << 20  # bytes


class NoWildcards(NotFound):
    """There is no such list."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no list {WILDCARDS}/{name}.txt in the configuration folder")


class EmptyList(Invalid):
    """A list has nothing to choose from."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{WILDCARDS}/{name}.txt has no line to choose from")


class Answers:
    """Finds facts out. Files must lie where automations may touch them, or in the input store."""

    def __init__(self, probe: ProbePool, folders: Folders) -> None:
        self._probe = probe
        self._folders = folders

    async def find(self, kind: str, subject: str) -> dict[str, Any]:
        """`{"value": …}`, or `{"problem": …}` with what the template is told."""
        try:
            return {"value": await self._value(kind, subject)}
        except HubError as error:
            return {"problem": str(error)}

    async def _value(self, kind: str, subject: str) -> Any:
        if kind == "wildcard":
            return await asyncio.to_thread(wildcards, self._folders.config, subject)
        path = self._folders.config / subject
        if not path.resolve().is_relative_to(self._folders.store.resolve()):
            path = permitted(path, self._folders)
        if kind in ("phash", "dominant_color"):
            look = await self._probe.look(path)
            return look.phash if kind == "phash" else look.dominant_color
        media = await self._media(path)
        if kind == "exif":
            return media.exif
        return {"width": media.width, "height": media.height}

    async def _media(self, path: Path) -> Media:
        inspection = await self._probe.inspect(path)
        if inspection.media is None:
            raise Invalid(f"{path} {inspection.problem}")
        return inspection.media


def wildcards(config: Path, name: str) -> list[str]:
    """The lines of a list in the configuration folder; empty ones, and those that begin with #, do
    not count. Raises `NoWildcards`, `EmptyList`."""
    folder = config / WILDCARDS
    path = folder / f"{name}.txt"
    if not path.resolve().is_relative_to(folder.resolve()):
        raise NoWildcards(name)
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            text = file.read(_LARGEST_LIST)
    except (OSError, ValueError):
        raise NoWildcards(name) from None
    lines = [line.strip() for line in text.splitlines()]
    found = [line for line in lines if line and not line.startswith("#")]
    if not found:
        raise EmptyList(name)
    return found
