"""The jobs that wait for a worker, in their order: larger priority, smaller position, number.

Jobs of one kind stand in one line. Who looks for a job looks at the heads of the lines only, of
which there are few; so a job that nobody can take now holds up none but its own kind.
"""

from collections.abc import Iterator
from heapq import heappop, heappush
from operator import attrgetter
from typing import NamedTuple

from msgspec.structs import replace

from hub.clock import Clock
from hub.engine.job import Job
from hub.engine.kinds import Kind, Lane

MOST_OVERTAKEN = 8
LONGEST_OVERTAKEN = 60.0

_PLACE = attrgetter("place")
Place = tuple[int, float, int, int, str]


class Head(NamedTuple):
    """The job whose turn it is in one line."""

    place: Place
    job: Job
    kind: Kind


class Waiting:
    """A priority queue for each kind of job, from which jobs can be withdrawn.

    State: `_jobs` are the jobs that wait, with their kinds; `_lines` hold their places, and may
    also hold those of jobs that were withdrawn or moved away, which are passed over when their turn
    comes; `_counts` says how many jobs are in each line, and a line without any is let go.
    `_overtaken` says how often the head of a line was passed by, and since when.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._jobs: dict[str, tuple[Job, Kind]] = {}
        self._lines: dict[Lane, dict[Kind, list[Place]]] = {lane: {} for lane in Lane}
        self._counts: dict[Kind, int] = {}
        self._overtaken: dict[str, tuple[int, float]] = {}

    def add(self, job: Job, kind: Kind) -> None:
        self._jobs[job.run] = job, kind
        self._counts[kind] = self._counts.get(kind, 0) + 1
        heappush(self._lines[kind.lane].setdefault(kind, []), _place(job))

    def heads(self, lane: Lane) -> list[Head]:
        """The first of each line of a lane, in their order."""
        heads = [self._head(kind, line) for kind, line in self._lines[lane].items()]
        heads.sort(key=_PLACE)
        return heads

    def withdraw(self, run: str) -> Job | None:
        """Take a job out; None if it does not wait."""
        if run not in self._jobs:
            return None
        job, kind = self._jobs.pop(run)
        self._overtaken.pop(run, None)
        self._counts[kind] -= 1
        if not self._counts[kind]:
            del self._counts[kind], self._lines[kind.lane][kind]
        return job

    def move(self, run: str, *, priority: int, position: float) -> bool:
        """Give a job another place; False if it does not wait."""
        if run not in self._jobs:
            return False
        job, kind = self._jobs[run]
        self.withdraw(run)
        self.add(replace(job, priority=priority, position=position), kind)
        return True

    def may_be_overtaken(self, head: Head) -> bool:
        """Whether a later job may go first because its models are loaded."""
        times, since = self._overtaken.get(head.job.run, (0, self._clock.monotonic()))
        return times < MOST_OVERTAKEN and self._clock.monotonic() - since < LONGEST_OVERTAKEN

    def note_overtaken(self, head: Head) -> None:
        """A later job goes first."""
        times, since = self._overtaken.get(head.job.run, (0, self._clock.monotonic()))
        self._overtaken[head.job.run] = times + 1, since

    @property
    def kinds(self) -> dict[Kind, int]:
        """What waits, and how many of it."""
        return dict(self._counts)

    def kind_of(self, run: str) -> Kind | None:
        """The kind of a job; None if it does not wait."""
        return self._jobs[run][1] if run in self._jobs else None

    def with_classes(self) -> list[Job]:
        """The jobs that not every worker can take."""
        return [job for job, kind in self._jobs.values() if kind.classes]

    def has(self, lane: Lane) -> bool:
        """Whether anything waits in a lane."""
        return bool(self._lines[lane])

    def __len__(self) -> int:
        return len(self._jobs)

    def __iter__(self) -> Iterator[Job]:
        """In no particular order."""
        return (job for job, _ in self._jobs.values())

    def _head(self, kind: Kind, line: list[Place]) -> Head:
        """There is one, as lines without jobs are let go."""
        while True:
            job, its_kind = self._jobs.get(line[0][-1], (None, None))
            if job is not None and _place(job) == line[0] and its_kind == kind:
                return Head(line[0], job, kind)
            heappop(line)


def _place(job: Job) -> Place:
    return -job.priority, job.position, job.number, job.attempt, job.run
