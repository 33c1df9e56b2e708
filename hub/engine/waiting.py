"""The jobs that wait for a worker, in their order: larger priority, smaller position, number."""

from collections.abc import Iterator
from heapq import heappop, heappush

from hub.engine.job import Job


class Waiting:
    """A priority queue from which jobs can be withdrawn.

    State: `_jobs` are the jobs that wait; `_heap` may also hold places of jobs that were withdrawn,
    which are passed over when their turn comes.
    """

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._heap: list[tuple[int, float, int, str]] = []

    def add(self, job: Job) -> None:
        self._jobs[job.run] = job
        heappush(self._heap, (-job.priority, job.position, job.number, job.run))

    def first(self) -> Job | None:
        """The job whose turn it is."""
        while self._heap:
            job = self._jobs.get(self._heap[0][-1])
            if job is not None:
                return job
            heappop(self._heap)
        return None

    def withdraw(self, run: str) -> Job | None:
        """Take a job out; None if it does not wait."""
        return self._jobs.pop(run, None)

    def __len__(self) -> int:
        return len(self._jobs)

    def __iter__(self) -> Iterator[Job]:
        """In no particular order."""
        return iter(self._jobs.values())
