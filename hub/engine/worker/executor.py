"""The executor: carries out one attempt, node by node.

The idea: an `Execution` knows which nodes are ready. `advance`, called in a thread of a lane,
carries them out one after another. When only asynchronous nodes are left it gives the thread back
and is parked; what they answer puts it into its lane again. So a run of plain nodes costs one
change of thread, however many nodes it has, and asynchronous ones overlap.

State of an execution:
- `_stage`: waiting for its first turn, working, parked or over; `_lock` guards it and `_answered`;
- `_missing`: for each needed node that has not begun, how many of its sources are not done;
- `_ready`: nodes whose sources are all done, sorted by the plan's places;
- `_pending`: asynchronous nodes under way, whose `_tasks` only the loop touches; `_answered`: those
  that have answered since;
- `_outputs`: what nodes gave, as long as a needed node will still read it;
- `_readers`: which needed nodes will still read a node's outputs; with the last they are let go;
- `_ending`: how the attempt ends, once that is certain; it is told when no node is pending.

Example: Load → Scale → Save and Load → Preview, with Scale in the cache. Needed are Save, Preview
and, for Preview, Load; Scale is served. Ready are Load and, as Scale is there, Save, which goes
first because it is an output node. After Preview nobody reads Load, and its image is let go.
"""

import asyncio
import contextvars
from collections import defaultdict, deque
from collections.abc import Callable
from enum import Enum, auto
from heapq import heappop, heappush
from inspect import isawaitable
from threading import Lock
from typing import Any

from hub.engine.messages import Cancelled, Done, Failed, NodeDone, NodeStarted, Started
from hub.engine.worker.cache import Cache, Entry, Outputs
from hub.engine.worker.context import Attempt
from hub.engine.worker.failure import AttemptFailed
from hub.engine.worker.node_call import NodeCall, answers
from hub.engine.worker.node_classes import NodeClasses
from hub.engine.worker.node_code import NodeRaised, RunCancelled
from hub.engine.worker.plan import Plan, make_plan
from hub.records.run import ErrorKind, RunError

Task = asyncio.Task[list[Any]]


class Stage(Enum):
    """Where an execution is."""

    WAITING = auto()
    WORKING = auto()
    PARKED = auto()
    OVER = auto()


class Execution:
    """One attempt being carried out. `resume` puts it into its lane again."""

    def __init__(
        self,
        attempt: Attempt,
        classes: NodeClasses,
        cache: Cache,
        loop: asyncio.AbstractEventLoop,
        resume: Callable[["Execution"], None],
    ) -> None:
        self._attempt = attempt
        self._order = attempt.order
        self._classes = classes
        self._cache = cache
        self._loop = loop
        self._resume = resume
        self._lock = Lock()
        self._stage = Stage.WAITING
        self._plan: Plan
        self._missing: dict[str, int] = {}
        self._ready: list[tuple[tuple[int, int], str]] = []
        self._pending: set[str] = set()
        self._tasks: dict[str, Task] = {}
        self._answered: deque[tuple[NodeCall, Task]] = deque()
        self._outputs: dict[str, Outputs] = {}
        self._readers: defaultdict[str, set[str]] = defaultdict(set)
        self._ending: Done | Failed | Cancelled | None = None

    @property
    def key(self) -> tuple[str, int]:
        """Run and attempt."""
        return self._order.run, self._order.attempt

    def advance(self) -> bool:
        """Carry out what is ready. True once the attempt is over, False when it is parked."""
        with self._lock:
            if self._stage is Stage.OVER:
                return True
            is_first_turn = self._stage is Stage.WAITING
            self._stage = Stage.WORKING
        if is_first_turn:
            self._begin()
        while True:
            self._take_answers()
            if self._attempt.cancelled:
                self._end(Cancelled(*self.key))
            if self._ready and not self._ending:
                self._carry_out(heappop(self._ready)[1])
            elif not self._pending:
                self._close()
                return True
            elif self._park():
                return False

    def cancel(self) -> None:
        """Stop at the next chance. Any thread may call this."""
        with self._lock:
            self._attempt.cancelled = True
            never_begins = self._stage is Stage.WAITING
            if never_begins:
                self._stage = Stage.OVER
            self._wake()
        if never_begins:
            self._attempt.outlet.tell(Cancelled(*self.key))
            self._attempt.outlet.flush()

    def _begin(self) -> None:
        try:
            plan = make_plan(self._attempt, self._classes, self._cache)
        except AttemptFailed as failed:
            self._attempt.outlet.tell(Started(*self.key))
            self._end(Failed(*self.key, failed.error))
            return
        self._plan = plan
        self._attempt.outlet.tell(Started(*self.key, plan.cached))
        for node, sources in plan.needed.items():
            for source in sources:
                self._readers[source].add(node)
            self._missing[node] = len(sources)
            if not sources:
                self._make_ready(node)
        for node in plan.cached:
            entry = plan.served.get(node, Entry(outputs=()))
            self._settle(node, entry, cached=True)

    def _carry_out(self, node: str) -> None:
        if entry := self._cached_meanwhile(node):
            self._settle(node, entry, cached=True)
            return
        self._attempt.outlet.tell(NodeStarted(*self.key, node))
        running = NodeCall(
            self._attempt, node, self._classes[self._order.graph[node]["class_type"]]
        )
        # In a context of its own, so that nothing of this node stays with the thread.
        context = contextvars.copy_context()
        self._guard(running, lambda: context.run(self._call, running))

    def _call(self, running: NodeCall) -> None:
        results = running.begin(self._outputs)
        if any(map(isawaitable, results)):
            self._pending.add(running.node)
            self._loop.call_soon_threadsafe(
                self._await, running, results, context=contextvars.copy_context()
            )
        else:
            self._finish(running, results)

    def _guard(self, running: NodeCall, step: Callable[[], None]) -> None:
        """Take a step of a node; if it raises, the attempt ends."""
        try:
            step()
        except RunCancelled:
            self._end(Cancelled(*self.key))
        except NodeRaised as raised:
            self._fail(running.failure(raised.error))
        except asyncio.CancelledError as cancelled:  # the node did that itself
            self._fail(running.failure(cancelled))

    def _cached_meanwhile(self, node: str) -> Entry | None:
        """What an equal node of this or another run has given since the plan was made.

        Files are not shared in this way: each of two equal output nodes writes its own.
        """
        signature = self._plan.signatures[node]
        if signature is None or node in self._order.fresh:
            return None
        entry = self._cache.get(signature)
        return entry if entry and not entry.files else None

    def _await(self, running: NodeCall, results: list[Any]) -> None:
        """On the loop: wait for an asynchronous node, in the context it was called in."""
        task = self._loop.create_task(answers(results))
        self._tasks[running.node] = task
        task.add_done_callback(lambda task: self._answer(running, task))

    def _answer(self, running: NodeCall, task: Task) -> None:
        """On the loop: an asynchronous node has answered."""
        del self._tasks[running.node]
        with self._lock:
            self._answered.append((running, task))
            self._wake()

    def _take_answers(self) -> None:
        while self._answered:
            running, task = self._answered.popleft()
            self._pending.remove(running.node)
            if not self._ending:
                self._guard(running, lambda: self._finish(running, task.result()))  # noqa: B023 - called at once

    def _finish(self, running: NodeCall, results: list[Any]) -> None:
        entry = running.finish(results)
        if signature := self._plan.signatures[running.node]:
            self._cache.put(signature, entry)
        self._settle(running.node, entry, seconds=running.seconds)

    def _settle(
        self, node: str, entry: Entry, *, seconds: float = 0.0, cached: bool = False
    ) -> None:
        """Tell what a node gave, let go of what it has read, and see whom it makes ready."""
        self._attempt.outlet.tell(
            NodeDone(*self.key, node, seconds, cached=cached, ui=entry.ui, files=entry.files)
        )
        for source in self._plan.needed.get(node, ()):
            self._readers[source].remove(node)
            if not self._readers[source]:
                self._outputs.pop(source, None)
        if readers := self._readers.get(node):
            self._outputs[node] = entry.outputs
            for reader in readers:
                self._missing[reader] -= 1
                if not self._missing[reader]:
                    self._make_ready(reader)

    def _make_ready(self, node: str) -> None:
        heappush(self._ready, (self._plan.places[node], node))

    def _fail(self, error: RunError) -> None:
        if error.kind is ErrorKind.OUT_OF_MEMORY:
            self._cache.clear()
        self._end(Failed(*self.key, error))

    def _end(self, ending: Failed | Cancelled) -> None:
        if self._ending is None:
            self._ending = ending
            if self._pending:
                self._loop.call_soon_threadsafe(self._cancel_tasks)

    def _cancel_tasks(self) -> None:
        for task in self._tasks.values():
            task.cancel()

    def _close(self) -> None:
        self._outputs.clear()
        self._attempt.outlet.tell(self._ending or Done(*self.key))
        with self._lock:
            self._stage = Stage.OVER

    def _park(self) -> bool:
        """Give the thread back, unless something has happened meanwhile."""
        with self._lock:
            if self._answered or (self._attempt.cancelled and not self._ending):
                return False
            self._stage = Stage.PARKED
            return True

    def _wake(self) -> None:
        """Called with the lock held."""
        if self._stage is Stage.PARKED:
            self._stage = Stage.WORKING
            self._resume(self)
