"""How far the nodes of runs are, as ComfyUI's `progress_state` tells it: all of a run that have
begun so far, each time with one of them changed.

So what is told of a run grows with the square of its nodes. Of one with many nodes it is told only
now and then, and once more before the end if something has changed since.
"""

from typing import Any

from hub.clock import Clock
from hub.notices import (
    NodeFinished,
    NodeProgressed,
    NodeStarted,
    Notice,
    NoticesLost,
    RunFinished,
    RunStarted,
)
from hub.records.run import Run
from hub.web.comfy_numbers import plain

_MANY = 50  # nodes of which not every change is told
_PAUSE = 0.1  # seconds between two changes that are
Nodes = dict[str, dict[str, Any]]


class ProgressStates:
    """What a client was told of its runs that go on, or everybody of those of nobody.

    State: `_told` is when a run with many nodes was told of last; `_owed` are those that have
    changed since.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._runs: dict[str, Nodes] = {}
        self._told: dict[str, float] = {}
        self._owed: set[str] = set()

    def of(self, run: Run) -> Nodes:
        """How far its nodes are."""
        return self._runs.get(run.id, {})

    def after(self, notice: Notice) -> Nodes | None:
        """The nodes of a run if the notice changed one of them, and it is time to tell of it."""
        if isinstance(notice, NoticesLost):  # perhaps the ends of runs
            for known in list(self._runs):
                self._forget(known)
        match notice:
            case RunStarted(run=run):
                self._forget(run.id)
            case RunFinished(run=run):
                return self._forget(run.id)
            case NodeStarted(run=run, node=node):
                return self._changed(run, node, value=0.0, max=1.0, state="running")
            case NodeProgressed(run=run, node=node, value=value, maximum=maximum):
                value, maximum = plain(value), plain(maximum)
                return self._changed(run, node, value=value, max=maximum, state="running")
            case NodeFinished(run=run, node=node, ui=ui, cached=cached) if ui or not cached:
                whole = 1 if cached else self._runs.get(run.id, {}).get(node, {}).get("max", 1.0)
                shown = notice.display
                return self._changed(run, node, shown, value=whole, max=whole, state="finished")
        return None

    def _changed(self, run: Run, node: str, shown: str | None = None, **now: Any) -> Nodes | None:
        """`shown` is what people see instead of a node that another one expanded to."""
        nodes = self._runs.setdefault(run.id, {})
        nodes[node] = {
            **now,
            "node_id": node,
            "prompt_id": run.id,
            "display_node_id": shown or node,
            "parent_node_id": shown,
            "real_node_id": shown or node,
        }
        return {**nodes} if self._is_time(run.id, len(nodes)) else None

    def _is_time(self, run: str, count: int) -> bool:
        if count <= _MANY:
            return True
        moment = self._clock.monotonic()
        if moment - self._told.get(run, -_PAUSE) < _PAUSE:
            self._owed.add(run)
            return False
        self._told[run] = moment
        self._owed.discard(run)
        return True

    def _forget(self, run: str) -> Nodes | None:
        """The nodes of the run if the client has not heard how they are."""
        nodes = self._runs.pop(run, None)
        self._told.pop(run, None)
        is_owed = run in self._owed
        self._owed.discard(run)
        return nodes if is_owed else None
