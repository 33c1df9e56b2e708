"""One node being carried out: its inputs, its calls, and what comes of them."""

import asyncio
import time
from collections.abc import Mapping
from inspect import isawaitable
from typing import Any

from msgspec.structs import replace

from hub.engine.graph import is_link
from hub.engine.worker.cache import Entry, Outputs
from hub.engine.worker.calls import (
    Inputs,
    as_outputs,
    blocker,
    calls,
    gather,
    hidden_inputs,
    resolve,
)
from hub.engine.worker.class_code import ClassCode
from hub.engine.worker.context import Attempt, NodeContext
from hub.engine.worker.dynamic_graph import BadExpansion
from hub.engine.worker.failure import node_failure
from hub.engine.worker.node_classes import NodeClass
from hub.engine.worker.node_code import LONGEST_MESSAGE, call, wait_for
from hub.engine.worker.shown import plain
from hub.nodes.api import ExecutionBlocker, NodeOutput, current_context
from hub.records.run import RunError


class NodeCall:
    """All calls of one node in one attempt; several where its inputs are lists.

    `is_blocked` says that some of them were not made, and `blocked` why, if a message told that.
    """

    def __init__(self, attempt: Attempt, node: str, loaded: NodeClass) -> None:
        self.node = node
        self.is_blocked = False
        self.blocked: str | None = None
        self._attempt = attempt
        self._loaded = loaded
        self._context = NodeContext(attempt, node)
        self._inputs: Inputs = {}
        self._began = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.perf_counter() - self._began

    def take(self, outputs: Mapping[str, Outputs]) -> None:
        """Read the inputs. Raises `NodeRaised`."""
        definition = self._attempt.graph.nodes[self.node]
        self._inputs = call(resolve, definition, self._loaded.schema, outputs)

    def wanted(self, code: ClassCode, outputs: Mapping[str, Outputs]) -> set[str]:
        """The sources of lazy inputs that it asks for now. Raises `NodeRaised`."""
        declared = self._loaded.schema.lazy_inputs
        if not declared:
            return set()
        inputs = self._attempt.graph.nodes[self.node]["inputs"]
        lazy = {
            item.name: inputs[item.name][0] for item in declared if is_link(inputs.get(item.name))
        }
        unknown = {name: source for name, source in lazy.items() if source not in outputs}
        if not unknown:
            return set()
        given = self._inputs | hidden_inputs(self._attempt, self.node, self._loaded)
        names = code.wanted(self.node, self._loaded, given)
        nodes = self._attempt.graph.nodes
        return {source for name, source in unknown.items() if name in names and source in nodes}

    def begin(self) -> list[Any]:
        """Make the calls; what they return, which asynchronous ones answer later.

        Raises `NodeRaised`.
        """
        schema = self._loaded.schema
        given = self._inputs | hidden_inputs(self._attempt, self.node, self._loaded)
        current_context.set(self._context)
        return [self._call(each) for each in calls(given, schema)]

    def restart(self) -> None:
        """Forget what calls that failed had begun to write."""
        self._context = NodeContext(self._attempt, self.node)
        self.is_blocked, self.blocked = False, None

    def returned(self, results: list[Any]) -> list[NodeOutput]:
        """The results as the class declares them. Raises `NodeRaised`."""
        return call(as_outputs, results, self._loaded.schema)

    def expansion(self, returned: list[NodeOutput]) -> tuple[dict[str, Any], set[str]] | None:
        """The graph that the calls expanded to, and the nodes whose outputs they give.

        None if they did not. Raises `NodeRaised`.
        """
        expanding = [output for output in returned if output.expand is not None]
        return call(self._expansion, expanding) if expanding else None

    def finish(self, returned: list[NodeOutput], expanded: Mapping[str, Outputs]) -> Entry:
        """Put together what the calls returned, and measure the files. Raises `NodeRaised`."""
        return call(self._entry, returned, expanded)

    def let_go(self) -> None:
        """Of the inputs: it waits for what it expanded to, and needs them no more."""
        self._inputs = {}

    def failure(self, error: BaseException) -> RunError:
        """What is told about an error of these calls; under the node that people see."""
        graph = self._attempt.graph
        shown = graph.get_display_node_id(self.node)
        told = node_failure(shown, self._loaded.schema, self._inputs, error)
        return replace(told, node_type=graph.nodes.get(shown, {}).get("class_type"))

    def _call(self, arguments: dict[str, Any]) -> Any:
        schema = self._loaded.schema
        blocked = blocker(arguments, schema)
        if blocked is None:
            return call(self._loaded.node.execute, **self._loaded.arguments(arguments))
        self.is_blocked = True
        if blocked.message is not None:
            self.blocked = call(str, blocked.message)[:LONGEST_MESSAGE]
        return ExecutionBlocker()

    def _entry(self, returned: list[NodeOutput], expanded: Mapping[str, Outputs]) -> Entry:
        outputs, ui = gather(returned, self._loaded.schema, expanded)
        shown = plain(ui) if ui else None
        return Entry(outputs=outputs, ui=shown, files=self._context.close(shown))

    def _expansion(self, expanding: list[NodeOutput]) -> tuple[dict[str, Any], set[str]]:
        nodes: dict[str, Any] = {}
        for output in expanding:
            if not isinstance(output.expand, Mapping):
                raise BadExpansion("it is no mapping from ids to nodes")
            nodes |= output.expand
        known = self._attempt.graph.nodes.keys() | nodes.keys()
        given = {value[0] for output in expanding for value in output.values if is_link(value)}
        if missing := given - known:
            raise BadExpansion(f"an output is taken from node {min(missing)!r}, which is not there")
        return nodes, given


def is_awaited(result: Any) -> bool:
    """Whether a call answers later. To ask what nearly all of them return takes longer."""
    return not isinstance(result, NodeOutput) and isawaitable(result)


async def answers(results: list[Any]) -> list[Any]:
    """Await those results that are awaitable, all at once. Raises the first `NodeRaised`."""
    loop = asyncio.get_running_loop()
    tasks = {
        number: loop.create_task(wait_for(result))
        for number, result in enumerate(results)
        if is_awaited(result)
    }
    try:
        answered = dict(zip(tasks, await asyncio.gather(*tasks.values()), strict=True))
    finally:
        for task in tasks.values():
            task.cancel()
    return [answered.get(number, result) for number, result in enumerate(results)]
