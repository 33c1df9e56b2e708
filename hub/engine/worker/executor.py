"""The executor: carries out one attempt, node by node.

The idea: an `Execution` knows which nodes are ready. `advance`, called in a thread of a lane,
carries them out one after another. When only asynchronous nodes are left it gives the thread back
and is parked; what they answer puts it into its lane again. So a run of plain nodes costs one
change of thread, however many nodes it has, and asynchronous ones overlap.

State of an execution:
- `_stage`: waiting for its first turn, working, parked or over; `_lock` guards it and `_answered`;
- `_schedule`: which nodes are ready, and what nodes gave that will still be read;
- `_expanding`: nodes that wait for the graphs they expanded to; `_telling`: those inside which an
  output node shows something, so that the cache must not serve them another time;
- `_pending`: asynchronous nodes under way, whose `_tasks` only the loop touches; `_answered`: those
  that have answered since;
- `_ending`: how the attempt ends, once that is certain; it is told when no node is pending.

Example: Load → Scale → Save and Load → Preview, with Scale in the cache. Needed are Save, Preview
and, for Preview, Load; Scale is served. Ready are Load and, as Scale is there, Save, which goes
first because it is an output node. After Preview nobody reads Load, and its image is let go.
"""

import asyncio
import contextvars
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from threading import Lock
from typing import Any
from weakref import WeakMethod

from hub.engine.graph import DependencyCycle
from hub.engine.messages import Cancelled, Done, Execute, Failed, NodeDone, NodeStarted, Started
from hub.engine.models.devices import is_out_of_memory
from hub.engine.models.model_memory import MODEL_MEMORY
from hub.engine.worker.cache import Cache, Entry
from hub.engine.worker.context import Attempt
from hub.engine.worker.dynamic_graph import BadExpansion
from hub.engine.worker.failure import AttemptFailed, forget_frames, free_memory_of, refusal
from hub.engine.worker.node_call import NodeCall, answers, is_awaited
from hub.engine.worker.node_classes import NodeClasses
from hub.engine.worker.node_code import NodeRaised, RunCancelled, call
from hub.engine.worker.plan import Addition, Plan
from hub.engine.worker.policies import RunKey
from hub.engine.worker.schedule import Schedule
from hub.nodes.api import NodeOutput
from hub.records.run import ErrorKind

Task = asyncio.Task[list[Any]]
_NOT_READ = Entry(outputs=())


class Stage(Enum):
    """Where an execution is."""

    WAITING = auto()
    WORKING = auto()
    PARKED = auto()
    OVER = auto()


class Execution:
    """One attempt being carried out. `resume` puts it into its lane again. With `keeps_thread` no
    other gets a turn there before it is over."""

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
        self.key: RunKey = (attempt.order.run, attempt.order.attempt)
        self._classes = classes
        self._cache = cache
        self._loop = loop
        self._resume = resume
        self._lock = Lock()
        self._stage = Stage.WAITING
        self._plan: Plan
        self._schedule: Schedule
        self._expanding: dict[str, tuple[NodeCall, list[NodeOutput]]] = {}
        self._telling: set[str] = set()
        self._pending: set[str] = set()
        self._tasks: dict[str, Task] = {}
        self._answered: deque[tuple[NodeCall, Task]] = deque()
        self._ending: Done | Failed | Cancelled | None = None
        self.keeps_thread = False
        attempt.stop = WeakMethod(self.cancel)

    @property
    def order(self) -> Execute:
        return self._order

    @property
    def is_over(self) -> bool:
        """So it is before the hub hears of it."""
        return self._stage is Stage.OVER

    @property
    def has_failed(self) -> bool:
        return isinstance(self._ending, Failed)

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
            if not self._ending and self._schedule.has_ready:
                self._carry_out(self._schedule.next())
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
        plan = Plan(self._attempt, self._classes, self._cache, self._loop)
        self._plan, self._schedule = plan, Schedule(plan.place)
        try:
            addition = plan.include(self._order.targets, self._schedule.knows)
        except AttemptFailed as failed:
            self._attempt.outlet.tell(Started(*self.key))
            self._end(Failed(*self.key, failed.error))
            return
        except RunCancelled:  # a class noticed it while it checked its inputs
            self._attempt.outlet.tell(Started(*self.key))
            self._end(Cancelled(*self.key))
            return
        self._attempt.outlet.tell(Started(*self.key, addition.spared))
        served = {node: addition.served.get(node, _NOT_READ) for node in addition.spared}
        self._take_on(replace(addition, served=served))

    def _include(self, targets: set[str]) -> None:
        """Have nodes carried out that were not needed before. Raises `AttemptFailed`."""
        self._take_on(self._plan.include(targets, self._schedule.knows))

    def _take_on(self, addition: Addition) -> None:
        for node in addition.needed:
            self._schedule.hold(node, self._plan.read(node))
        for node in addition.needed:
            self._schedule.wait(node, self._plan.awaited(node))
        for node, entry in addition.served.items():
            self._settle(node, entry, cached=True)

    def _carry_out(self, node: str) -> None:
        if expanded := self._expanding.pop(node, None):
            running, returned = expanded
            self._guard(running, lambda: self._finish(running, returned))
            return
        if entry := self._cached_meanwhile(node):
            self._settle(node, entry, cached=True)
            return
        running = NodeCall(self._attempt, node, self._plan.loaded(node))
        # In a context of its own, so that nothing of this node stays with the thread.
        context = contextvars.copy_context()
        self._guard(running, lambda: context.run(self._call, running))

    def _call(self, running: NodeCall) -> None:
        running.take(self._schedule.outputs)
        if wanted := running.wanted(self._plan.code, self._schedule.outputs):
            self._schedule.wait(running.node, wanted)
            self._include(wanted)
            return
        shown = self._attempt.graph.get_display_node_id(running.node)
        self._attempt.outlet.tell(NodeStarted(*self.key, shown))
        if self._order.careful:
            self._attempt.outlet.flush()
        results = self._begun(running)
        if any(map(is_awaited, results)):
            self._pending.add(running.node)
            self._loop.call_soon_threadsafe(
                self._await, running, results, context=contextvars.copy_context()
            )
        else:
            self._take_results(running, results)

    def _begun(self, running: NodeCall) -> list[Any]:
        """Its calls; made once more if memory ran out and something could be given back."""
        try:
            return running.begin()
        except NodeRaised as raised:
            if not is_out_of_memory(raised.error) or not self._give_memory_back():
                raise
            free_memory_of(raised)
        running.restart()
        return running.begin()

    def _give_memory_back(self) -> bool:
        """Let go of all that can be made again; whether that was anything."""
        dropped = self._cache.dropped
        self._cache.clear()
        return bool(MODEL_MEMORY.release_idle()) or self._cache.dropped > dropped

    def _take_results(self, running: NodeCall, results: list[Any]) -> None:
        """The node gave all it gives, or a graph that is to be carried out in its place."""
        returned = running.returned(results)
        if expansion := running.expansion(returned):
            self._expand(running, returned, *expansion)
        else:
            self._finish(running, returned)

    def _expand(
        self,
        running: NodeCall,
        returned: list[NodeOutput],
        nodes: dict[str, Any],
        given: set[str],
    ) -> None:
        """Nothing is called deeper for it, so that a loop may expand as often as it likes."""
        node = running.node
        call(self._attempt.graph.add, node, nodes)
        try:
            told = {inner for inner in nodes if self._plan.loaded(inner).schema.is_output_node}
        except AttemptFailed as failed:
            problem = BadExpansion(failed.error.message.rstrip("."))
            raise NodeRaised(problem) from None
        if told:
            self._mark_telling(node)
        running.let_go()
        self._expanding[node] = running, returned
        self._schedule.hold(node, given | told)
        self._schedule.wait(node, given | told)
        self._include(given | told)
        if not self._plan.keeps_ancestors(node):
            self._schedule.let_go(node, but=given | told)

    def _mark_telling(self, node: str | None) -> None:
        while node is not None and node not in self._telling:
            self._telling.add(node)
            if signature := self._plan.signatures[node]:
                self._cache.mark_telling(signature)
            node = self._attempt.graph.get_parent_node_id(node)

    def _guard(self, running: NodeCall, step: Callable[[], None]) -> None:
        """Take a step of a node; if it raises, the attempt ends."""
        try:
            step()
        except RunCancelled:
            self._end(Cancelled(*self.key))
        except AttemptFailed as failed:  # what was planned meanwhile cannot be carried out
            self._end(Failed(*self.key, failed.error))
        except NodeRaised as raised:
            self._fail(running, raised.error)
            forget_frames(raised)
        except asyncio.CancelledError as cancelled:
            if self._attempt.cancelled:  # which the node, or its sampling, saw before this thread
                self._end(Cancelled(*self.key))
            else:  # the node did that itself
                self._fail(running, cancelled)
            forget_frames(cancelled)

    def _cached_meanwhile(self, node: str) -> Entry | None:
        """What an equal node of this or another run has given since the plan was made.

        Files are not shared in this way: each of two equal output nodes writes its own.
        """
        entry = self._plan.entry(node)
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
                self._guard(running, lambda: self._take_results(running, task.result()))  # noqa: B023 - called at once

    def _finish(self, running: NodeCall, returned: list[NodeOutput]) -> None:
        node = running.node
        entry = running.finish(returned, self._schedule.outputs)
        seconds = running.seconds
        signature = self._plan.signatures[node]
        if signature and not running.is_blocked:
            self._cache.put(signature, entry, seconds)
        self._settle(node, entry, seconds=seconds, blocked=running.blocked)

    def _settle(
        self,
        node: str,
        entry: Entry,
        *,
        seconds: float = 0.0,
        cached: bool = False,
        blocked: str | None = None,
    ) -> None:
        """Tell what a node gave, and go on with whom it makes ready."""
        graph = self._attempt.graph
        is_inner = graph.is_ephemeral(node)
        done = NodeDone(
            *self.key,
            node,
            seconds,
            cached=cached,
            ui=entry.ui,
            files=entry.files,
            display=graph.get_display_node_id(node) if is_inner else None,
            class_type=graph.nodes[node]["class_type"] if is_inner else None,
            blocked=blocked,
        )
        self._attempt.outlet.tell(done)
        self._schedule.settle(node, entry.outputs)

    def _fail(self, running: NodeCall, error: BaseException) -> None:
        failure = running.failure(error)
        if failure.kind is ErrorKind.OUT_OF_MEMORY:
            self._cache.clear()
            free_memory_of(error)
        self._end(Failed(*self.key, failure))

    def _end(self, ending: Failed | Cancelled) -> None:
        if self._ending is None:
            self._ending = ending
            if self._pending:
                self._loop.call_soon_threadsafe(self._cancel_tasks)

    def _cancel_tasks(self) -> None:
        for task in self._tasks.values():
            task.cancel()

    def _close(self) -> None:
        if not self._ending and self._schedule.unsettled:
            cycle = DependencyCycle(tuple(self._schedule.unsettled))
            failed = refusal(cycle, cycle.nodes[0], "graph.DependencyCycleError")
            self._ending = Failed(*self.key, failed.error)
        self._schedule.clear()
        self._cache.end(self.key)
        self._attempt.drop_resume_points()  # the next attempt, which may begin now, has the same
        with self._lock:
            self._stage = Stage.OVER
        self._attempt.outlet.tell(self._ending or Done(*self.key))

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
