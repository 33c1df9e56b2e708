"""The memory that models take on each device, and which of them give theirs up for others.

Only what is made from the mapped files counts: casts, patched weights, copies on a GPU. It can be
let go at any time and made again, so the models used least recently go first, and none that is in
use.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Protocol
from weakref import WeakKeyDictionary

import torch

from hub.engine.models.devices import free_memory, release_unused, total_memory

_CUDA_RESERVE = 1 << 30
"""What is left free on a GPU for what is computed there."""


class Resident(Protocol):
    """Weights, as the memory sees them."""

    @property
    def device(self) -> torch.device | None:
        """Where its copies lie; None while it has none."""

    @property
    def held_bytes(self) -> int:
        """What they take."""

    @property
    def spare_bytes(self) -> int:
        """What of that is only kept to save time."""

    @property
    def part(self) -> str:
        """Which part of a model it is."""

    @property
    def origin(self) -> Path | None:
        """The file that it comes from."""

    def release(self) -> None:
        """Let go of them."""

    def forget(self) -> None:
        """Let go of what is only kept to save time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """Weights that are ready to be computed with."""

    part: str
    origin: Path | None
    device: torch.device
    bytes: int


@dataclass(slots=True)
class _Use:
    users: int = 0
    last: int = 0


class ModelMemory:
    """Knows all weights of this process, weakly. Threads may share it.

    `budget` is how many bytes they may take on a device together. Without one a GPU is filled but
    for a reserve, and elsewhere nothing is let go. State: `_uses` has for each how many use it now
    and when it was used last; `changes` counts how often some
    were made ready or released.
    """

    def __init__(self, budget: int | None = None) -> None:
        self.budget = budget
        self.changes = 0
        self._uses: WeakKeyDictionary[Resident, _Use] = WeakKeyDictionary()
        self._moments = itertools.count(1)
        self._lock = RLock()

    @contextmanager
    def in_use(self, resident: Resident) -> Iterator[None]:
        """Meanwhile it stays where it is, and may keep something aside."""
        with self._lock:
            use = self._uses.setdefault(resident, _Use())
            use.users += 1
            use.last = next(self._moments)
        try:
            yield
        finally:
            with self._lock:
                use.users -= 1
                if not use.users:
                    resident.forget()

    def make_room(self, device: torch.device, wanted: int) -> bool:
        """Release what was used least recently until so many bytes fit, or no more can go. What is
        kept aside goes first. Tells whether they fit."""
        with self._lock:
            self.changes += 1
            spare = [one.forget for one in self._by_use() if one.device == device]
            idle = [one.release for one in self._idle() if one.device == device]
            for let_go in (*spare, *idle):
                if wanted <= self._room(device):
                    break
                let_go()
            return wanted <= self._room(device)

    def idle_bytes(self, device: torch.device) -> int:
        """What those take on a device that are not in use: it can be had for others."""
        with self._lock:
            return sum(one.held_bytes for one in self._idle() if one.device == device)

    def release_idle(self) -> int:
        """Have all that are not in use let go of their memory, and others of what they keep aside;
        gives the bytes that were freed."""
        with self._lock:
            freed = sum(one.spare_bytes for one in self._by_use())
            for resident in self._by_use():
                resident.forget()
            idle = [resident for resident in self._idle() if resident.device is not None]
            freed += sum(resident.held_bytes for resident in idle)
            for resident in idle:
                resident.release()
            self.changes += bool(idle)
        release_unused()
        return freed

    def __len__(self) -> int:
        """How many weights there are, ready or not."""
        return len(self._uses)

    def placed(self) -> list[Placed]:
        """All that are ready, the last used ones last."""
        with self._lock:
            return [
                Placed(
                    part=resident.part,
                    origin=resident.origin,
                    device=resident.device,
                    bytes=resident.held_bytes,
                )
                for resident in self._by_use()
                if resident.device is not None
            ]

    def origins(self) -> set[Path]:
        """The files of all weights, ready or not."""
        with self._lock:
            return {one.origin for one in list(self._uses) if one.origin is not None}

    def _room(self, device: torch.device) -> int:
        rooms = []
        if self.budget is not None:
            held = (one.held_bytes for one in list(self._uses) if one.device == device)
            rooms.append(self.budget - sum(held))
        if device.type == "cuda":
            rooms.append(free_memory(device) - min(_CUDA_RESERVE, total_memory(device) // 8))
        return min(rooms, default=total_memory(device))

    def _idle(self) -> list[Resident]:
        return [resident for resident in self._by_use() if not self._uses[resident].users]

    def _by_use(self) -> list[Resident]:
        return sorted(self._uses.keys(), key=lambda resident: self._uses[resident].last)


MODEL_MEMORY = ModelMemory()
"""That of this process, whose devices all its models share."""
