"""Outputs of nodes by signature, within a byte budget; the least recently used go first."""

import threading
from collections import Counter, OrderedDict
from dataclasses import dataclass
from typing import Any

from hub.engine.messages import File
from hub.engine.worker.sizes import storages

Slots = list[list[Any]]
"""A node's outputs: for each declared output the list of its values."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a node gave: its outputs, what it shows, and the files it wrote."""

    slots: Slots
    ui: dict[str, list[Any]] | None
    files: tuple[File, ...]


class Cache:
    """Thread-safe. Memory that several entries share is counted once.

    State: `_entries` by signature in the order of last use; `_holders` counts entries per piece of
    memory, `_sizes` its bytes; `_bytes` is the sum over all pieces.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._holders: Counter[int] = Counter()
        self._sizes: dict[int, int] = {}
        self._bytes = 0

    def get(self, signature: str) -> Entry | None:
        with self._lock:
            entry = self._entries.get(signature)
            if entry is not None:
                self._entries.move_to_end(signature)
            return entry

    def put(self, signature: str, entry: Entry) -> None:
        """Keep it, if it fits into the budget at all."""
        with self._lock:
            self._drop(signature)
            self._entries[signature] = entry
            self._count(entry)
            while self._bytes > self._budget:
                self._drop(next(iter(self._entries)))

    @property
    def bytes(self) -> int:
        """What all entries hold together."""
        return self._bytes

    def __len__(self) -> int:
        return len(self._entries)

    def _count(self, entry: Entry) -> None:
        for piece, size in dict(storages(entry.slots)).items():
            if not self._holders[piece]:
                self._sizes[piece] = size
                self._bytes += size
            self._holders[piece] += 1

    def _drop(self, signature: str) -> None:
        entry = self._entries.pop(signature, None)
        if entry is None:
            return
        for piece in dict(storages(entry.slots)):
            self._holders[piece] -= 1
            if not self._holders[piece]:
                del self._holders[piece]
                self._bytes -= self._sizes.pop(piece)
