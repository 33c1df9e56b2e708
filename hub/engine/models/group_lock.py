"""A lock on something that has one state at a time, such as weights with certain patches.

Group mutual exclusion (Joung 1998).
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition, get_ident
from typing import TypeVar

T = TypeVar("T")


class GroupLock:
    """Threads that want the same state have it together; others wait, first come, first served.

    State: `_within`, how often each thread holds it now; `_queue`, who waits.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._within: Counter[int] = Counter()
        self._queue: deque[object] = deque()

    @property
    def waiting(self) -> int:
        return len(self._queue)

    @contextmanager
    def hold(self, is_so: Callable[[], bool], make: Callable[[], T]) -> Iterator[T]:
        """What `make` gives, which brings the state about, for as long as the block lasts. `is_so`
        tells whether it is that state already.

        A thread that holds it may do so again at once, whatever it makes of the state.
        """
        me = get_ident()
        with self._changed:
            if not self._within[me]:
                self._wait(is_so)
            made = make()
            self._within[me] += 1
        try:
            yield made
        finally:
            with self._changed:
                self._within[me] -= 1
                self._within += Counter()  # without those that do not hold it
                self._changed.notify_all()

    def _wait(self, is_so: Callable[[], bool]) -> None:
        mine = object()
        self._queue.append(mine)
        self._changed.wait_for(lambda: self._queue[0] is mine and (not self._within or is_so()))
        self._queue.popleft()
        self._changed.notify_all()  # the next one may want the same
