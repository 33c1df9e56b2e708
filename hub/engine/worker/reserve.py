"""What the allocator keeps in reserve of the memory that was freed.

Freed memory is not yet the system's: glibc keeps it for the next allocation, scattered between what
is still in use. Where pictures come and go it may grow to twice what the cache holds. Giving all of
it back each time would double the time of nodes that do little with large tensors, as every page
would have to be had anew; so a stated part is left, and only what grows beyond is given back.
"""

import ctypes
import os
from pathlib import Path

_SMALLEST_RESERVE = 64 << 20
_PART_OF_BUDGET = 2
_PAGE = os.sysconf("SC_PAGE_SIZE")
_STATM = Path("/proc/self/statm")

_trim = getattr(ctypes.CDLL(None), "malloc_trim", lambda keep: None)  # glibc has it


def resident_bytes() -> int:
    """The memory that this process has of the machine; 0 where the system does not tell."""
    try:
        return int(_STATM.read_bytes().split()[1]) * _PAGE
    except OSError:
        return 0


class Reserve:
    """Keeps resident memory below what it was at first, and the budget, and half of that again.

    State: `_expected` is what is resident without a reserve; more than at first once models and
    other things are loaded that stay.
    """

    def __init__(self, budget: int) -> None:
        self._most = budget // _PART_OF_BUDGET + _SMALLEST_RESERVE
        self._least = resident_bytes() + budget
        self._expected = self._least

    def limit(self) -> None:
        """Give it back if there is too much of it."""
        if resident_bytes() > self._expected + self._most:
            self.give_back()

    def give_back(self) -> None:
        """Give back all of it."""
        _trim(0)
        self._expected = max(self._least, resident_bytes())
