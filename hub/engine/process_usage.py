"""What a process uses, as Linux tells it; elsewhere nothing is known of it."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

_OWN = ("RssAnon:", "RssShmem:", "VmSwap:")
_AVAILABLE = "MemAvailable:"
_LEAST_CPU = 0.1  # seconds


def memory_of(pid: int) -> int | None:
    """The bytes that a process has to itself, in memory or swapped out; None if unknown.

    Mapped files, such as models, are not counted: the system takes their memory back by itself.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    own = [line.split() for line in status.splitlines() if line.startswith(_OWN)]
    return sum(int(kibibytes) << 10 for _, kibibytes, _ in own)


def whole_memory() -> int | None:
    """The bytes that this machine has, or the container or service this process is in."""
    if sys.platform != "linux":
        return None
    sizes = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"), *_group_limits()]
    return min(sizes)


def free_memory() -> int | None:
    """The bytes that the machine could give, file cache included; None if unknown."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith(_AVAILABLE)), None)


class Activity:
    """When a process was last seen to do anything, it or those it started.

    A worker that waits uses no CPU time at all; one that works, also for a GPU, or reads a large
    file, does.
    """

    def __init__(self, pid: int, now: float) -> None:
        self._pid = pid
        self._cpu = 0.0
        self.seen_at = now

    def look(self, now: float) -> None:
        """Compare with what was used until it was last seen.

        Where the system does not tell, it counts as seen.
        """
        own = _cpu_seconds(self._pid)
        others = sum(_cpu_seconds(child) or 0 for child in _descendants(self._pid))
        cpu = (own or 0) + others
        if own is None or abs(cpu - self._cpu) >= _LEAST_CPU:
            self._cpu, self.seen_at = cpu, now


def _cpu_seconds(pid: int) -> float | None:
    """Of all its threads, and of its children that have ended; None if unknown."""
    try:
        _, _, facts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
    except OSError:
        return None
    return sum(map(int, facts.split()[11:15])) / os.sysconf("SC_CLK_TCK")


def _descendants(pid: int) -> Iterator[int]:
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = children.read_text().split()
        except OSError:  # the thread has ended meanwhile
            continue
        for child in map(int, found):
            yield child
            yield from _descendants(child)


def _group_limits() -> Iterator[int]:
    """What control groups allow, ours and those around it."""
    try:
        ours = Path("/proc/self/cgroup").read_text().rpartition("0::/")[2].strip()
    except OSError:
        return
    root = Path("/sys/fs/cgroup")
    folder = root / ours
    for group in (folder, *folder.parents):
        if group.is_relative_to(root):
            try:
                yield int((group / "memory.max").read_text())
            except (OSError, ValueError):  # `max`: without limit
                continue
