"""Routing: which waiting job goes next to which worker.

The order of jobs comes first: priority, position, number. The first job that any worker with room
can take gets, of these workers, one that is idle in its lane, then one that has its models loaded,
then the one with least to do. If that worker would have to load models for it, a later job of the
same priority goes first whose models it has; but nobody is overtaken more than eight times, or once
a minute has passed since the first time.
"""

from collections.abc import Iterator
from itertools import takewhile

from hub.engine.catalogue import Catalogue
from hub.engine.kinds import Kind, Lane
from hub.engine.waiting import Head, Waiting
from hub.engine.worker_process import WorkerProcess


class Routing:
    """Looks for the next job and its worker."""

    def __init__(self, waiting: Waiting, catalogue: Catalogue) -> None:
        self._waiting = waiting
        self._catalogue = catalogue

    def next(self, lane: Lane, workers: list[WorkerProcess]) -> tuple[Head, WorkerProcess] | None:
        """The job of a lane that goes next, and where; None while no worker can take one."""
        if not self._waiting.has(lane):
            return None
        rooms = [worker for worker in workers if worker.has_room(lane)]
        if lane is not Lane.ALONE and self._waiting.has(Lane.ALONE):
            kept = [self._kept_free(head, workers) for head in self._waiting.heads(Lane.ALONE)]
            rooms = [worker for worker in rooms if worker not in kept]
        if not rooms:
            return None
        heads = self._waiting.heads(lane)
        for place, head in enumerate(heads):
            if able := self._able(head.kind, rooms):
                worker = min(able, key=lambda worker: _reluctance(worker, head.kind))
                return self._by_models(heads[place:], worker), worker
        return None

    def _able(self, kind: Kind, workers: list[WorkerProcess]) -> list[WorkerProcess]:
        if not kind.classes:
            return workers
        having = self._catalogue.workers_with(kind.classes)
        return [worker for worker in workers if worker.name in having]

    def _kept_free(self, head: Head, workers: list[WorkerProcess]) -> WorkerProcess | None:
        """While a job waits to be alone, the worker nearest to that is given nothing else."""
        able = self._able(head.kind, workers)
        return min(able, key=lambda worker: len(worker.attempts), default=None)

    def _by_models(self, heads: list[Head], worker: WorkerProcess) -> Head:
        """The first of `heads`, or one that may overtake it because `worker` has its models."""
        first = heads[0]
        if worker.models.fit(first.kind.models):
            return first
        overtaken: list[Head] = []
        for head in self._for(worker, heads):
            if head.kind.models and worker.models.fit(head.kind.models):
                for other in overtaken:
                    self._waiting.note_overtaken(other)
                return head
            if not self._waiting.may_be_overtaken(head):
                return first
            overtaken.append(head)
        return first

    def _for(self, worker: WorkerProcess, heads: list[Head]) -> Iterator[Head]:
        """Those of the first one's priority that `worker` can take."""
        priority = heads[0].job.priority
        equal = takewhile(lambda head: head.job.priority == priority, heads)
        return (head for head in equal if self._able(head.kind, [worker]))


def _reluctance(worker: WorkerProcess, kind: Kind) -> tuple[bool, bool, int, int]:
    """How little a worker is the right one for a job."""
    held = worker.held(kind.lane)
    is_busy = held >= worker.capacity(kind.lane)
    return is_busy, not worker.models.fit(kind.models), held, len(worker.attempts)
