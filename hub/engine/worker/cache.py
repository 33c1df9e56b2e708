"""What nodes gave, kept by signature within a budget of bytes.

A policy says which entries are of use at all; of those the least worth keeping go first when the
budget is spent.
"""

import logging
from threading import Lock
from typing import Any

import msgspec

from hub.engine.messages import File
from hub.engine.worker.node_code import NodeRaised, call
from hub.engine.worker.policies import Occurring, Policy, RunKey
from hub.engine.worker.shelves import Shelves
from hub.engine.worker.sizes import Held, held_by

log = logging.getLogger(__name__)

Outputs = tuple[list[Any], ...]
"""One list per output of a node: several values where it was called several times."""

_ENTRY_BYTES = 2048
"""What an entry costs even when its node gave nothing, so that their number has a limit too."""

_MOST_TELLING = 10_000


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What a node gave, showed and wrote."""

    outputs: Outputs
    ui: dict[str, Any] | None = None
    files: tuple[File, ...] = ()


class Cache:
    """Entries by signature. All threads of a worker share it.

    State: `_entries` with what they hold; `_holders` how many entries hold a block; `_used` the
    bytes of all, where what several share counts once; `_shelves` which of them goes first;
    `_telling` the signatures of nodes that expanded to output nodes, the oldest first. `dropped`
    counts the bytes of all that ever went.
    """

    def __init__(self, budget: int, policy: Policy) -> None:
        self.budget = budget
        self.dropped = 0
        self._policy = policy
        self._shelves = Shelves(budget)
        self._used = 0
        self._entries: dict[str, tuple[Entry, Held]] = {}
        self._holders: dict[int, int] = {}
        self._lock = Lock()
        self._telling: dict[str, None] = {}

    @property
    def used(self) -> int:
        """Bytes that are kept."""
        return self._used

    def get(self, signature: str) -> Entry | None:
        if signature not in self._entries:  # as nearly always, and for that nobody takes turns
            return None
        with self._lock:
            found = self._entries.get(signature)
            if found is None:
                return None
            self._shelves.use(signature)
            return found[0]

    def put(self, signature: str, entry: Entry, seconds: float) -> None:
        """Keep `entry`, which took `seconds` to make, at the cost of those worth less."""
        if signature in self._telling or not self._policy.keeps(signature):
            return
        try:
            held = call(held_by, *entry.outputs, entry.ui)
        except NodeRaised as raised:
            log.warning("An output cannot be weighed, and so is not kept: %s", raised)
            return
        held.rest += _ENTRY_BYTES
        size = held.total
        if size > self.budget:
            return
        with self._lock:
            self._drop(signature)
            self._add(signature, entry, held)
            self._shelves.add(signature, size, seconds)
            while self._used > self.budget:
                self._drop(self._shelves.first_to_go())

    def occur(self, run: RunKey, signatures: Occurring) -> None:
        """These occur in a run; with the first of them it begins, and what it displaces goes."""
        with self._lock:
            for signature in self._policy.occur(run, signatures):
                self._drop(signature)

    def end(self, run: RunKey) -> None:
        """A run has ended."""
        with self._lock:
            self._policy.end(run)

    def mark_telling(self, signature: str) -> None:
        """That node expanded to output nodes, which tell what they show only if it does so again;
        so it is never kept, and carried out even if what reads it is kept."""
        with self._lock:
            self._drop(signature)
            self._telling.pop(signature, None)
            self._telling[signature] = None
            if len(self._telling) > _MOST_TELLING:
                del self._telling[next(iter(self._telling))]

    def is_telling(self, signature: str) -> bool:
        return signature in self._telling

    def clear(self) -> None:
        """Forget everything: somebody needs the memory."""
        with self._lock:
            for signature in list(self._entries):
                self._drop(signature)

    def _add(self, signature: str, entry: Entry, held: Held) -> None:
        self._entries[signature] = (entry, held)
        self._used += held.rest
        for block, size in held.blocks.items():
            holders = self._holders.get(block, 0)
            self._holders[block] = holders + 1
            self._used += 0 if holders else size

    def _drop(self, signature: str) -> None:
        found = self._entries.pop(signature, None)
        if found is None:
            return
        held, before = found[1], self._used
        self._shelves.drop(signature)
        self._used -= held.rest
        for block, size in held.blocks.items():
            self._holders[block] -= 1
            if not self._holders[block]:
                del self._holders[block]
                self._used -= size
        self.dropped += before - self._used
