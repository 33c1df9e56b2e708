"""Which entry of the cache goes first when the budget is spent.

Two known ideas together:

- *2Q* (Johnson and Shasha 1994): what is new comes onto a trial shelf, first in, first out, and
  onto the main shelf when it is asked for again. The trial shelf gives way as long as it has more
  than a quarter of the budget, the paper's figure. So ten thousand photos, each processed once,
  push each other out, and not the enlargement that is used every day. What took a second or more
  to make needs no trial.
- *GreedyDual-Size* (Cao and Irani 1997): on the main shelf that goes first whose making took the
  fewest seconds per byte. Each that goes raises the level from which others are valued when they
  are used; so what is dear but never used sinks below it in time.
"""

from heapq import heappop, heappush, heapreplace

DEAR_SECONDS = 1.0
_TRIAL_PART = 4
_ROOM_FOR_STALE = 1000


class Shelves:
    """Orders signatures; what they stand for is the cache's affair.

    State: `_trial` with the sizes of those on trial, the oldest first, and `_on_trial` their sum;
    `_worth` of each on the main shelf; `_heap` the same, cheapest first, where a worth may be too
    low, as it only ever rises, and where those that have gone are left until they come up; `_cost`
    seconds per byte, of all; `_level` the worth of the last that went.
    """

    def __init__(self, budget: int) -> None:
        self._most_on_trial = budget // _TRIAL_PART
        self._cost: dict[str, float] = {}
        self._trial: dict[str, int] = {}
        self._on_trial = 0
        self._worth: dict[str, float] = {}
        self._heap: list[tuple[float, str]] = []
        self._level = 0.0

    def add(self, signature: str, size: int, seconds: float) -> None:
        """A new one, of `size` bytes, that took `seconds` to make."""
        self._cost[signature] = seconds / size
        if seconds >= DEAR_SECONDS:
            self._promote(signature)
        else:
            self._trial[signature] = size
            self._on_trial += size

    def use(self, signature: str) -> None:
        """It was asked for again."""
        if signature in self._worth:
            self._worth[signature] = self._level + self._cost[signature]
        else:
            self._on_trial -= self._trial.pop(signature)
            self._promote(signature)

    def first_to_go(self) -> str:
        """The one that is least worth keeping. There must be one."""
        if self._trial and (self._on_trial > self._most_on_trial or not self._worth):
            return next(iter(self._trial))
        while True:
            worth, signature = self._heap[0]
            now = self._worth.get(signature)
            if now is None:
                heappop(self._heap)
            elif now > worth:
                heapreplace(self._heap, (now, signature))
            else:
                self._level = worth
                return signature

    def drop(self, signature: str) -> None:
        """It has gone."""
        del self._cost[signature]
        self._worth.pop(signature, None)
        self._on_trial -= self._trial.pop(signature, 0)

    def _promote(self, signature: str) -> None:
        self._worth[signature] = self._level + self._cost[signature]
        heappush(self._heap, (self._worth[signature], signature))
        if len(self._heap) > 2 * len(self._worth) + _ROOM_FOR_STALE:
            self._heap = sorted((worth, each) for each, worth in self._worth.items())
