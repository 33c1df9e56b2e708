"""The executor: carries out one attempt, node by node.

The idea: an `Execution` knows which nodes are needed and which of them are ready. `advance`, which
runs in a slot's thread, carries out ready nodes one after another until it meets the end, or only
asynchronous nodes are left; `carry_out`, on the loop, calls it and awaits those. So a run of light
nodes costs one change of thread, however many nodes it has, and asynchronous ones overlap.

State of an execution:
- `_missing`: for each needed node that is not done, how many of its sources are not done;
- `_ready`: nodes whose sources are all done;
- `_results`: outputs of nodes that are done, as long as a needed node will still read them;
- `_readers`: how many needed nodes will still read a node's outputs; at 0 they are let go;
- `_answered`: asynchronous nodes whose calls have all returned, to be finished by `advance`.

Example: Load → Scale → Save, Load → Preview, with Scale in the cache. Needed are Save and Preview
(the targets), Load (for Preview) and nothing for Scale, whose outputs are taken from the cache.
Ready is Load and, as Scale is done, Save, which goes first because it shows something. When Preview
has run, nobody reads Load any more, and its image is let go.
"""

import asyncio
import contextvars
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from hub.engine.graph import in_order, sources
from hub.engine.messages import Done, NodeDone, NodeStarted, Started
from hub.engine.worker.cache import Cache, Entry, Slots
from hub.engine.worker.calls import Inputs, arguments, gather, resolve
from hub.engine.worker.context import Attempt, NodeContext
from hub.engine.worker.describing import describe_failure
from hub.engine.worker.node_classes import NodeClass, NodeClasses
from hub.engine.worker.node_code import NodeRaised, call, wait_for
from hub.engine.worker.signatures import signatures
from hub.nodes.api import NodeOutput, current_context
from hub.records.run import RunError

InThread = Callable[[Callable[[], None]], Awaitable[None]]
Answer = tuple[str, Inputs, float, list[NodeOutput]]


class NodeFailed(Exception):
    """A node raised, and the attempt ends with `error`."""

    def __init__(self, error: RunError) -> None:
        super().__init__(error.message)
        self.error = error


class Execution:
    """One attempt being carried out."""

    def __init__(self, attempt: Attempt, classes: NodeClasses, cache: Cache) -> None:
        self._attempt = attempt
        self._classes = classes
        self._cache = cache
        self._graph = attempt.order.graph
        self._signatures: dict[str, str] = {}
        self._rank: dict[str, tuple[int, int]] = {}
        self._missing: dict[str, int] = {}
        self._ready: set[str] = set()
        self._results: dict[str, Slots] = {}
        self._readers: dict[str, int] = {}
        self._waiting: list[
            tuple[str, Inputs, float, contextvars.Context, Coroutine[Any, Any, Any]]
        ]
        self._waiting = []
        self._answered: list[Answer] = []
        self.begun = False

    async def carry_out(self, in_thread: InThread) -> None:
        """Run to the end. Raises `NodeFailed` or `RunCancelled`."""
        async with asyncio.TaskGroup() as tasks:
            under_way: set[asyncio.Task[None]] = set()
            await in_thread(self.advance)
            while self._waiting or under_way:
                for node, inputs, began, context, answer in self._waiting:
                    work = self._await_node(node, inputs, began, answer)
                    under_way.add(tasks.create_task(work, context=context))
                self._waiting = []
                _, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                await in_thread(self.advance)

    def advance(self) -> None:
        """Carry out what can be carried out now. Runs in a slot's thread."""
        if not self.begun:
            self._begin()
        answered, self._answered = self._answered, []
        for node, inputs, began, outputs in answered:
            self._finish(node, inputs, outputs, began)
        while self._ready:
            self._attempt.check_cancelled()
            node = min(self._ready, key=self._rank.__getitem__)
            self._ready.remove(node)
            self._carry_out_node(node)
        if not self._missing:
            order = self._attempt.order
            self._attempt.tell(Done(run=order.run, attempt=order.attempt))

    def _begin(self) -> None:
        """Look what is in the cache, and find out what is needed."""
        self._attempt.check_cancelled()
        self.begun = True
        order = self._attempt.order
        path = in_order(self._graph, order.targets)
        self._signatures = signatures(self._attempt, path, self._classes)
        entries = {
            node: entry
            for node in path
            if node not in order.fresh and (entry := self._cache.get(self._signatures[node]))
        }
        self._attempt.tell(Started(run=order.run, attempt=order.attempt, cached=tuple(entries)))
        self._plan(path, entries)
        self._rank_nodes(path)
        for node in path:
            if node in entries:
                self._tell_cached(node, entries[node])

    def _plan(self, path: list[str], entries: dict[str, Entry]) -> None:
        """Needed is a target that is not in the cache, and whatever a needed node reads."""
        needed: set[str] = set()
        for node in reversed(path):
            if node in self._attempt.order.targets:
                needed.add(node)
            if node in needed and node not in entries:
                needed.update(sources(self._graph, node))
        for node in path:
            if node not in needed:
                continue
            if node in entries:
                self._results[node] = entries[node].slots
                continue
            read = set(sources(self._graph, node))
            for source in read:
                self._readers[source] = self._readers.get(source, 0) + 1
            self._missing[node] = sum(source not in entries for source in read)
            if not self._missing[node]:
                self._ready.add(node)

    def _rank_nodes(self, path: list[str]) -> None:
        """Which ready node goes first: one that shows something, else one nearest to that."""
        rank = dict.fromkeys(path, 3)
        for node in reversed(path):
            loaded = self._class(node)
            if loaded.schema.is_output_node or loaded.is_async:
                rank[node] = 0
            if rank[node] < 2:
                for source in sources(self._graph, node):
                    rank[source] = min(rank[source], rank[node] + 1)
        self._rank = {node: (rank[node], place) for place, node in enumerate(path)}

    def _carry_out_node(self, node: str) -> None:
        order = self._attempt.order
        loaded = self._class(node)
        self._attempt.tell(NodeStarted(run=order.run, attempt=order.attempt, node=node))
        began = time.perf_counter()
        inputs = resolve(self._attempt, node, loaded, self._results)
        context = contextvars.copy_context()
        context.run(current_context.set, NodeContext(self._attempt, node))
        try:
            calls = list(arguments(self._attempt, node, loaded, inputs))
            if loaded.is_async:
                answer = _gathered([loaded.node.execute(**values) for values in calls])
                self._waiting.append((node, inputs, began, context, answer))
                return
            outputs = [context.run(call, loaded.node.execute, **values) for values in calls]
            self._finish(node, inputs, outputs, began)
        except NodeRaised as raised:
            raise self._failure(node, inputs, raised) from None

    async def _await_node(
        self, node: str, inputs: Inputs, began: float, answer: Coroutine[Any, Any, Any]
    ) -> None:
        try:
            self._answered.append((node, inputs, began, await wait_for(answer)))
        except NodeRaised as raised:
            raise self._failure(node, inputs, raised) from None

    def _finish(self, node: str, inputs: Inputs, outputs: list[NodeOutput], began: float) -> None:
        """Keep and tell what a node gave, and see whom it makes ready."""
        try:
            slots, ui = call(gather, self._class(node), outputs)
        except NodeRaised as raised:
            raise self._failure(node, inputs, raised) from None
        files = self._attempt.staging.collect(node, ui)
        self._cache.put(self._signatures[node], Entry(slots, ui, files))
        order = self._attempt.order
        self._attempt.tell(
            NodeDone(
                run=order.run,
                attempt=order.attempt,
                node=node,
                seconds=time.perf_counter() - began,
                ui=ui,
                files=files,
            )
        )
        del self._missing[node]
        self._let_go_of_sources(node)
        if self._readers.get(node):
            self._results[node] = slots
        for reader in self._missing:
            if node in sources(self._graph, reader):
                self._missing[reader] -= 1
                if not self._missing[reader]:
                    self._ready.add(reader)

    def _let_go_of_sources(self, node: str) -> None:
        for source in set(sources(self._graph, node)):
            self._readers[source] -= 1
            if not self._readers[source]:
                del self._results[source]

    def _tell_cached(self, node: str, entry: Entry) -> None:
        order = self._attempt.order
        is_target = node in order.targets
        self._attempt.tell(
            NodeDone(
                run=order.run,
                attempt=order.attempt,
                node=node,
                seconds=0.0,
                cached=True,
                ui=entry.ui if is_target else None,
                files=entry.files if is_target else (),
            )
        )

    def _failure(self, node: str, inputs: Inputs, raised: NodeRaised) -> NodeFailed:
        class_type = self._class(node).schema.class_type
        return NodeFailed(describe_failure(raised.error, node, class_type, inputs))

    def _class(self, node: str) -> NodeClass:
        return self._classes[self._graph[node]["class_type"]]


async def _gathered(answers: list[Awaitable[NodeOutput]]) -> list[NodeOutput]:
    return list(await asyncio.gather(*answers))
