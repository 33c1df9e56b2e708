"""The meter: counts what happens, for whoever watches the hub from outside.

It counts from the start of the hub; what was before is in the database.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate

from hub.engine.keeper import WorkerState
from hub.notices import (
    DeliveryEnded,
    FiringChanged,
    Notice,
    RunFinished,
    RunStarted,
    WorkerChanged,
)
from hub.records.firing import FiringState

BOUNDS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)  # seconds
_UNDER_WAY = {FiringState.WAITING, FiringState.RUNNING}


@dataclass(kw_only=True, slots=True)
class Durations:
    """How long things took: how many up to each of `BOUNDS`, and beyond; and all together."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds

    def buckets(self) -> list[tuple[str, float]]:
        """As Prometheus counts: those up to each bound, those of smaller ones among them."""
        names = [*map(str, BOUNDS), "+Inf"]
        return list(zip(names, map(float, accumulate(self.counts)), strict=True))


@dataclass(frozen=True, kw_only=True, slots=True)
class Now:
    """How things are at this moment: runs and workers by state, deliveries that wait, bytes."""

    runs: Mapping[str, int]
    workers: Mapping[str, int]
    deliveries: int
    disk_free: int


class Meter:
    """What was counted: ended runs, firings and deliveries by state, restarts by worker, and how
    long runs waited and took. A listener on the bus."""

    def __init__(self) -> None:
        self.runs: Counter[str] = Counter()
        self.firings: Counter[str] = Counter()
        self.deliveries: Counter[str] = Counter()
        self.restarts: Counter[str] = Counter()
        self.waited = Durations()
        self.took = Durations()

    def offer(self, notice: Notice) -> None:
        """What the bus calls."""
        match notice:
            case RunStarted(run=run) if run.started_at and run.attempt == 1:
                self.waited.add((run.started_at - run.created_at).total_seconds())
            case RunFinished(run=run):
                self.runs[run.state] += 1
                if run.started_at and run.ended_at:
                    self.took.add((run.ended_at - run.started_at).total_seconds())
            case FiringChanged(state=state, step=None) if state not in _UNDER_WAY:
                self.firings[state] += 1
            case DeliveryEnded(state=state):
                self.deliveries[state] += 1
            case WorkerChanged(worker=worker, state=WorkerState.RESTARTING):
                self.restarts[worker] += 1
