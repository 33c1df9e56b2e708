"""Holds back whoever tries too often: a leaky bucket for each address or name.

Each try fills its bucket by one; it leaks one every so many seconds. A full one takes no more.
"""

import math
from collections import OrderedDict

from hub.clock import Clock
from hub.errors import TooMany

MOST_BUCKETS = 10_000


class TooManyTries(TooMany):
    """Somebody guesses, or has forgotten."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"That was tried too often. Try again in {seconds} s.")
        self.retry_after = seconds


class Throttle:
    """`tries` at once, and one more every `seconds`."""

    def __init__(self, clock: Clock, *, tries: int, seconds: float) -> None:
        self._clock = clock
        self._tries = tries
        self._seconds = seconds
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Count a try, before it is made: many may be under way. Raises `TooManyTries`."""
        now = self._clock.monotonic()
        level, since = self._buckets.get(key, (0.0, now))
        level = max(0.0, level - (now - since) / self._seconds) + 1
        if level > self._tries:
            raise TooManyTries(math.ceil((level - self._tries) * self._seconds))
        self._buckets[key] = (level, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)

    def forgive(self, key: str) -> None:
        """The try was no guess."""
        self._buckets.pop(key, None)
