"""The order of the queue: of the runs that no worker has yet. People may change it."""

import asyncio
import math
from collections.abc import Iterator

from msgspec.structs import replace

from hub.engine.engine import Engine
from hub.errors import Conflict, Invalid
from hub.notices import Notices, RunMoved
from hub.records.run import Run, RunState
from hub.runs.recorder import Recorder
from hub.storage.runs import RunRepository


class NotWaiting(Conflict):
    """Only a run that waits has a place in the queue."""

    def __init__(self, run: Run) -> None:
        super().__init__(
            f"Run {run.number} does not wait any more: it is {run.state}. "
            "`hub runs --state queued` lists those that wait."
        )


class QueueOrder:
    """Moves are carried out one after another, as each looks at the order."""

    def __init__(
        self, *, engine: Engine, recorder: Recorder, repository: RunRepository, notices: Notices
    ) -> None:
        self._engine = engine
        self._recorder = recorder
        self._repository = repository
        self._notices = notices
        self._moving = asyncio.Lock()

    def waiting(self) -> list[Run]:
        """The runs that no worker has, next first."""
        return sorted(self._queued(), key=queue_key)

    def front(self, number: int) -> float:
        """The position of a new run that is to go before all others of its priority."""
        return min([float(-number), *map(_before, self._queued())])

    async def move(self, run: Run, *, before: Run | None = None, after: Run | None = None) -> Run:
        """Put a run before or after another one, or before all.

        It takes the priority of those among which it comes to stand. Returns once that is on disk.
        Raises `NotWaiting`, `Invalid`.
        """
        neighbour = before or after
        if neighbour is not None and neighbour.id == run.id:
            raise Invalid(f"Run {run.number} cannot go before or after itself.")
        async with self._moving:
            order = self.waiting()
            moved = order.pop(_index(order, run))
            index = 0 if neighbour is None else _index(order, neighbour) + (after is not None)
            changed = _placed(order, moved, index)
            await self._repository.place(changed)
            for each in changed:
                self._engine.move(each.id, priority=each.priority, position=each.position)
                self._recorder.place(each.id, priority=each.priority, position=each.position)
        current = self._recorder.following(run.id) or run
        self._notices.publish(RunMoved(run=current))
        return current

    def _queued(self) -> Iterator[Run]:
        return (run for run in self._recorder.unended() if run.state is RunState.QUEUED)


def queue_key(run: Run) -> tuple[int, float, int]:
    """By this runs are sorted, next first."""
    return -run.priority, run.position, run.number


def _index(order: list[Run], wanted: Run) -> int:
    """Where a run stands in the order. Raises `NotWaiting`."""
    for index, run in enumerate(order):
        if run.id == wanted.id:
            return index
    raise NotWaiting(wanted)


def _placed(order: list[Run], moved: Run, index: int) -> list[Run]:
    """The runs that get another place, so that `moved` stands at `index` among `order`: it alone
    where there is room between its neighbours, and otherwise all of its new priority."""
    neighbours = order[max(index - 1, 0) : index + 1]
    if not neighbours:
        return []
    priority = neighbours[-1].priority
    earlier = [run for run in order[:index] if run.priority == priority]
    later = [run for run in order[index:] if run.priority == priority]
    position = _between(earlier[-1:], later[:1])
    if position is not None:
        return [replace(moved, priority=priority, position=position)]
    column = [*earlier, moved, *later]
    first = min(run.position for run in earlier + later)
    step = max(1.0, math.ulp(first))
    return [
        replace(run, priority=priority, position=first - step * (len(column) - place))
        for place, run in enumerate(column)
    ]


def _between(earlier: list[Run], later: list[Run]) -> float | None:
    """A position between two runs, of which one may be missing; None where there is no room.

    After the last it stays below the next whole number, which is a later run's.
    """
    if not earlier:
        return _before(later[0])
    low = earlier[0].position
    high = later[0].position if later else math.floor(low) + 1
    middle = low + (high - low) / 2
    return middle if low < middle < high else None


def _before(run: Run) -> float:
    return run.position - max(1.0, math.ulp(run.position))
