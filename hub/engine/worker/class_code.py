"""What a class's own code says of a node before it is carried out: its fingerprint, whether its
inputs are right, and which lazy ones it wants."""

import asyncio
import inspect
import logging
from collections.abc import Callable
from concurrent.futures import CancelledError
from inspect import isawaitable
from typing import Any

from hub.engine.graph import GraphNode
from hub.engine.worker.calls import Inputs, blocker, calls, constants
from hub.engine.worker.context import Attempt, NodeContext
from hub.engine.worker.node_classes import NodeClass
from hub.engine.worker.node_code import NodeRaised, call, wait_for
from hub.nodes.api import current_context

log = logging.getLogger(__name__)


class ClassCode:
    """Asks classes. What is answered asynchronously is waited for, while the loop goes on."""

    def __init__(self, attempt: Attempt, loop: asyncio.AbstractEventLoop) -> None:
        self._attempt = attempt
        self._loop = loop

    def fingerprint(self, node: str, definition: GraphNode, loaded: NodeClass) -> Any:
        """What the class says, or the graph itself; NaN, which equals nothing, if that fails."""
        if "is_changed" in definition or not loaded.schema.fingerprints_inputs:
            return definition.get("is_changed")
        given = _as_values(constants(definition, loaded.schema))
        try:
            (answer,) = self._ask(node, loaded, "fingerprint_inputs", given) or (None,)
        except NodeRaised as raised:
            log.warning("The fingerprint of node %s cannot be told: %s", node, raised)
            return float("nan")
        return answer

    def objection(self, node: str, definition: GraphNode, loaded: NodeClass) -> Any:
        """What the class has against its constants; None for nothing. Raises `NodeRaised`."""
        given = _as_values(constants(definition, loaded.schema))
        answers = self._ask(node, loaded, "validate_inputs", given)
        return next((answer for answer in answers if answer is not True), None)

    def wanted(self, node: str, loaded: NodeClass, inputs: Inputs) -> set[str]:
        """The lazy inputs that it asks for, given those known so far. Raises `NodeRaised`."""
        answers = self._ask(node, loaded, "check_lazy_status", inputs)
        return {
            name for names in answers if isinstance(names, list | tuple | set) for name in names
        }

    def _ask(self, node: str, loaded: NodeClass, name: str, inputs: Inputs) -> list[Any]:
        """The answers to all calls; none from those that are blocked."""
        code = getattr(loaded.node, name, None)
        if code is None:
            return []
        takes = _parameters_of(code)
        inputs = {path: values for path, values in inputs.items() if takes(path)}
        with_paths = name == "check_lazy_status"
        token = current_context.set(NodeContext(self._attempt, node))
        try:
            return [
                self._answer(call(code, **{name: given[name] for name in filter(takes, given)}))
                for each in calls(inputs, loaded.schema)
                if blocker(each, loaded.schema) is None
                for given in [loaded.arguments(each, with_paths=with_paths)]
            ]
        finally:
            current_context.reset(token)

    def _answer(self, answer: Any) -> Any:
        if not isawaitable(answer):
            return answer
        try:
            return asyncio.run_coroutine_threadsafe(wait_for(answer), self._loop).result()
        except CancelledError:  # the class did that itself: nobody cancels what is asked here
            raise NodeRaised(asyncio.CancelledError()) from None


def _as_values(given: dict[str, Any]) -> Inputs:
    return {name: [value] for name, value in given.items()}


def _parameters_of(code: Callable[..., Any]) -> Callable[[str], bool]:
    """Whether `code` has a parameter for an input; `images.image0` comes with `images`."""
    parameters = inspect.signature(code).parameters
    takes_all = any(item.kind is item.VAR_KEYWORD for item in parameters.values())
    return lambda path: takes_all or path in parameters or path.partition(".")[0] in parameters
