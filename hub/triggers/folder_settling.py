"""Files that wait until nothing about them has changed for a while.

Both files that are there and files that are gone wait: a gone one may only be between two names.
"""

import asyncio
from dataclasses import dataclass

from hub.triggers.folder_scan import Fingerprint

_TOLERANCE = 0.001  # seconds by which a clock may wake too early


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A file's last known state (None: gone), since when it has it, and when it was first seen."""

    fingerprint: Fingerprint | None
    since: float
    first: float


class Settling:
    """Which files of a folder wait, and which are in hand.

    State: `_waiting` in the order of their `since`, so that the first is due first; `_in_hand`
    have settled and are being judged; `_again` are those in hand that were noted meanwhile. All
    times are those of a monotonic clock, in seconds.
    """

    def __init__(self, quiet: float) -> None:
        self._quiet = quiet
        self._waiting: dict[str, Waiting] = {}
        self._in_hand: dict[str, Waiting] = {}
        self._again: set[str] = set()
        self._arrived = asyncio.Event()

    def note(self, path: str, fingerprint: Fingerprint | None, now: float) -> None:
        """The file is like this now; if that is new, it starts to wait."""
        if path in self._in_hand:
            self._again.add(path)
            return
        earlier = self._waiting.get(path)
        if earlier is None or earlier.fingerprint != fingerprint:
            self._wait(path, fingerprint, now, first=earlier.first if earlier else now)

    async def due(self) -> float:
        """The moment when the next file will have settled; waits for one to wait."""
        while not self._waiting:
            self._arrived.clear()
            await self._arrived.wait()
        return next(iter(self._waiting.values())).since + self._quiet

    def take(self, now: float) -> dict[str, Waiting]:
        """The files that have settled; they are in hand until `put_back` or `release`."""
        settled = {}
        for path, waiting in self._waiting.items():
            if waiting.since + self._quiet > now + _TOLERANCE:
                break
            settled[path] = waiting
        for path in settled:
            self._in_hand[path] = self._waiting.pop(path)
        return settled

    def put_back(self, path: str, fingerprint: Fingerprint | None, now: float) -> None:
        """The file is not ready after all, and waits from now on."""
        waiting = self._in_hand.pop(path)
        self._again.discard(path)
        self._wait(path, fingerprint, now, first=waiting.first)

    def release(self, path: str) -> bool:
        """The file is done with; whether it was noted while it was in hand."""
        del self._in_hand[path]
        noted = path in self._again
        self._again.discard(path)
        return noted

    def inodes(self) -> set[int]:
        """Those of all files here that are not gone."""
        held = (*self._waiting.values(), *self._in_hand.values())
        return {waiting.fingerprint.inode for waiting in held if waiting.fingerprint}

    def _wait(self, path: str, fingerprint: Fingerprint | None, now: float, first: float) -> None:
        self._waiting.pop(path, None)
        self._waiting[path] = Waiting(fingerprint=fingerprint, since=now, first=first)
        self._arrived.set()
