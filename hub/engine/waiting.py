"""The jobs that wait for a worker, in their order: larger priority, smaller position, number."""

from collections.abc import Iterator
from enum import Enum, auto
from heapq import heappop, heappush

from hub.engine.job import Job


class Lane(Enum):
    """What a job needs of a worker: a slot among others, its execution thread, or all of it."""

    LIGHT = auto()
    EXECUTION = auto()
    ALONE = auto()


class Waiting:
    """A priority queue for each lane, from which jobs can be withdrawn.

    State: `_jobs` are the jobs that wait; the heaps may also hold places of jobs that were
    withdrawn, which are passed over when their turn comes.
    """

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._heaps: dict[Lane, list[tuple[int, float, int, int, str]]] = {
            lane: [] for lane in Lane
        }

    def add(self, job: Job, lane: Lane) -> None:
        self._jobs[job.run] = job
        place = (-job.priority, job.position, job.number, job.attempt, job.run)
        heappush(self._heaps[lane], place)

    def first(self, lane: Lane) -> Job | None:
        """The job whose turn it is in a lane."""
        heap = self._heaps[lane]
        while heap:
            *_, attempt, run = heap[0]
            job = self._jobs.get(run)
            if job is not None and job.attempt == attempt:
                return job
            heappop(heap)
        return None

    def withdraw(self, run: str) -> Job | None:
        """Take a job out; None if it does not wait."""
        return self._jobs.pop(run, None)

    def __len__(self) -> int:
        return len(self._jobs)

    def __iter__(self) -> Iterator[Job]:
        """In no particular order."""
        return iter(self._jobs.values())
