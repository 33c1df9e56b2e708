"""Room on the data disk: intake stops before it is full, so that what was accepted can be kept."""

import shutil
from pathlib import Path

from hub.clock import Clock
from hub.errors import Unavailable

LOOKED_AT_EVERY = 1.0


class DiskNearlyFull(Unavailable):
    """There is too little space left to accept anything new."""

    def __init__(self, folder: Path, free: int, wanted: int) -> None:
        super().__init__(
            f"Only {free // 2**20} MiB are free at {folder}; nothing new is accepted below "
            f"{wanted // 2**20} MiB. Free some space: whatever waits goes on by itself then."
        )


class DiskSpace:
    """Watches the free space of one folder, looking at most once a second."""

    def __init__(self, folder: Path, minimum_free: int, clock: Clock) -> None:
        self._folder = folder
        self._minimum = minimum_free
        self._clock = clock
        self._looked_at = -LOOKED_AT_EVERY
        self._total = 0
        self._free = 0

    @property
    def free(self) -> int:
        """Bytes."""
        self._look()
        return self._free

    @property
    def total(self) -> int:
        """Bytes of the whole disk."""
        self._look()
        return self._total

    def check(self) -> None:
        """Raises `DiskNearlyFull`."""
        if self.free < self._minimum:
            raise DiskNearlyFull(self._folder, self._free, self._minimum)

    def _look(self) -> None:
        if self._clock.monotonic() - self._looked_at >= LOOKED_AT_EVERY:
            usage = shutil.disk_usage(self._folder)
            self._total, self._free = usage.total, usage.free
            self._looked_at = self._clock.monotonic()
