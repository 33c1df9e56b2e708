"""What nodes gave, kept by signature within a budget of bytes; the least recently used go first."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

from hub.engine.messages import File
from hub.engine.worker.sizes import Held, held_by

Outputs = tuple[list[Any], ...]
"""One list per output of a node: several values where it was called several times."""

_ENTRY_BYTES = 2048
"""What an entry costs even when its node gave nothing, so that their number has a limit too."""

_MOST_TELLING = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What a node gave, showed and wrote."""

    outputs: Outputs
    ui: dict[str, Any] | None = None
    files: tuple[File, ...] = ()


class Cache:
    """Entries by signature. All threads of a worker share it.

    `_telling` are the signatures of nodes that expanded to output nodes, the oldest first.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._used = 0
        self._entries: OrderedDict[str, tuple[Entry, Held]] = OrderedDict()
        self._holders: dict[int, int] = {}  # storage → how many entries hold it
        self._lock = Lock()
        self._telling: dict[str, None] = {}

    @property
    def used(self) -> int:
        """Bytes that are kept; a storage that several entries share counts once."""
        return self._used

    def get(self, signature: str) -> Entry | None:
        with self._lock:
            found = self._entries.get(signature)
            if found is None:
                return None
            self._entries.move_to_end(signature)
            return found[0]

    def put(self, signature: str, entry: Entry) -> None:
        """Keep `entry`, at the cost of those that were not used for longest."""
        held = held_by(entry.outputs)
        held.rest += _ENTRY_BYTES
        with self._lock:
            if signature in self._entries:
                self._drop(signature)
            self._entries[signature] = (entry, held)
            self._used += held.rest
            for storage, size in held.storages.items():
                holders = self._holders.get(storage, 0)
                self._holders[storage] = holders + 1
                self._used += 0 if holders else size
            while self._used > self._budget:
                self._drop(next(iter(self._entries)))

    def mark_telling(self, signature: str) -> None:
        """That node expanded to output nodes, which tell what they show only if it does so again;
        so it is never kept, and carried out even if what reads it is kept."""
        self._telling[signature] = None
        if len(self._telling) > _MOST_TELLING:
            del self._telling[next(iter(self._telling))]

    def is_telling(self, signature: str) -> bool:
        return signature in self._telling

    def clear(self) -> None:
        """Forget everything, to make room after the device ran out of memory."""
        with self._lock:
            self._entries.clear()
            self._holders.clear()
            self._used = 0

    def _drop(self, signature: str) -> None:
        _, held = self._entries.pop(signature)
        self._used -= held.rest
        for storage, size in held.storages.items():
            self._holders[storage] -= 1
            if not self._holders[storage]:
                del self._holders[storage]
                self._used -= size
