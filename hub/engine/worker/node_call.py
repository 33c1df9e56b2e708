"""One node being carried out: its inputs, its calls, and what comes of them."""

import asyncio
import time
from collections.abc import Mapping
from inspect import isawaitable
from typing import Any

from hub.engine.worker.cache import Entry, Outputs
from hub.engine.worker.calls import Inputs, calls, gather, hidden_inputs, resolve
from hub.engine.worker.context import Attempt, NodeContext
from hub.engine.worker.failure import node_failure
from hub.engine.worker.node_classes import NodeClass
from hub.engine.worker.node_code import call, wait_for
from hub.nodes.api import current_context
from hub.records.run import RunError


class NodeCall:
    """All calls of one node in one attempt; several where its inputs are lists."""

    def __init__(self, attempt: Attempt, node: str, loaded: NodeClass) -> None:
        self.node = node
        self._attempt = attempt
        self._loaded = loaded
        self._context = NodeContext(attempt, node)
        self._inputs: Inputs = {}
        self._began = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.perf_counter() - self._began

    def begin(self, outputs: Mapping[str, Outputs]) -> list[Any]:
        """Make the calls; what they return, which asynchronous ones answer later.

        Raises `NodeRaised`.
        """
        schema = self._loaded.schema
        order = self._attempt.order
        self._inputs = call(resolve, order.graph[self.node], schema, outputs)
        given = self._inputs | hidden_inputs(order, self.node, self._loaded)
        current_context.set(self._context)
        return [call(self._loaded.node.execute, **each) for each in calls(given, schema)]

    def finish(self, results: list[Any]) -> Entry:
        """Put the results together and measure the files. Raises `NodeRaised`."""
        outputs, ui = call(gather, results, self._loaded.schema)
        return Entry(outputs=outputs, ui=ui, files=call(self._context.close, ui))

    def failure(self, error: BaseException) -> RunError:
        """What is told about an error of these calls."""
        return node_failure(self.node, self._loaded.schema, self._inputs, error)


async def answers(results: list[Any]) -> list[Any]:
    """Await those results that are awaitable, all at once. Raises the first `NodeRaised`."""
    loop = asyncio.get_running_loop()
    tasks = {
        number: loop.create_task(wait_for(result))
        for number, result in enumerate(results)
        if isawaitable(result)
    }
    try:
        answered = dict(zip(tasks, await asyncio.gather(*tasks.values()), strict=True))
    finally:
        for task in tasks.values():
            task.cancel()
    return [answered.get(number, result) for number, result in enumerate(results)]
