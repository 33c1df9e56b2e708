"""Names that wait until nothing about their files has changed for a while.

A name with news goes through two states, and is in none when there is nothing to be done:

    waiting   its file was seen like this, or not at all, at `since`. Seen otherwise, it waits
              anew; after `quiet` seconds it has settled, and is taken in hand.
    in hand   it is being judged. It is put back to wait if it turns out to have changed, and else
              released. Seen meanwhile in any way, it has to be looked at again.

Names without a file wait like others: a file may only be between two names. And a name may have a
file again before the loss of the first was judged, as when a scanner always writes scan.jpg, from
where it is taken away. The new file must not be taken for a new version of the first. So from the
moment when a name has no file until that is judged, `was_gone` is kept, through every wait:

    0.0  scan.jpg, accepted long ago, is moved away: it waits, without a file, `was_gone`
    0.1  there is a scan.jpg: it waits anew, with this file, still `was_gone`
    2.1  it has settled: the first file's loss is judged, then this file, as a new one
"""

import asyncio
from dataclasses import dataclass

from hub.triggers.folder_scan import Fingerprint

_TOLERANCE = 0.001  # seconds by which a clock may wake too early


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A name's file as last seen (None: gone), since when it is so, and when its news began.

    `was_gone` says that the name had no file at some moment since then: what is there now, if
    anything, is another file than before.
    """

    fingerprint: Fingerprint | None
    since: float
    first: float
    was_gone: bool


class Settling:
    """Which names of a folder wait, and which are in hand.

    State: `_waiting` in the order of their `since`, so that the first is due first; `_in_hand`;
    `_again` are those in hand that were noted meanwhile, and whether as gone. All times are those
    of a monotonic clock, in seconds.
    """

    def __init__(self, quiet: float) -> None:
        self._quiet = quiet
        self._waiting: dict[str, Waiting] = {}
        self._in_hand: dict[str, Waiting] = {}
        self._again: dict[str, bool] = {}
        self._arrived = asyncio.Event()

    def note(self, path: str, fingerprint: Fingerprint | None, now: float) -> None:
        """The file is like this now; if that is new, it starts to wait."""
        if path in self._in_hand:
            self._again[path] = fingerprint is None or self._again.get(path, False)
            return
        earlier = self._waiting.get(path)
        if earlier is None:
            self._wait(path, fingerprint, now, first=now)
        elif earlier.fingerprint != fingerprint:
            self._wait(path, fingerprint, now, first=earlier.first, was_gone=earlier.was_gone)

    def holds(self, path: str) -> bool:
        """Whether the file waits or is in hand."""
        return path in self._waiting or path in self._in_hand

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
        earlier = self._in_hand.pop(path)
        was_gone = self._again.pop(path, False) or earlier.was_gone
        self._wait(path, fingerprint, now, first=earlier.first, was_gone=was_gone)

    def release(self, path: str, now: float) -> bool:
        """The file is done with; whether to look at it again, as it was noted in the meantime."""
        del self._in_hand[path]
        if path not in self._again:
            return False
        if self._again.pop(path):
            self._wait(path, None, now, first=now)
        return True

    def inodes(self) -> set[int]:
        """Those of all files here that are not gone."""
        held = (*self._waiting.values(), *self._in_hand.values())
        return {waiting.fingerprint.inode for waiting in held if waiting.fingerprint}

    def _wait(
        self,
        path: str,
        fingerprint: Fingerprint | None,
        now: float,
        *,
        first: float,
        was_gone: bool = False,
    ) -> None:
        self._waiting.pop(path, None)
        self._waiting[path] = Waiting(
            fingerprint=fingerprint,
            since=now,
            first=first,
            was_gone=was_gone or fingerprint is None,
        )
        self._arrived.set()
