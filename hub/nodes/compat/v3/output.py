"""What a call of a class of the third node API gives."""

from collections.abc import Mapping
from typing import Any

from hub.nodes import api
from hub.nodes.api import ExecutionBlocker
from hub.nodes.compat.v1_results import node_output, output_values, shown


class NotExpandable(TypeError):
    """A class expanded to a graph without having said so."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} expanded to a graph, but its schema does not say enable_expand=True."
        )


class NodeOutput:
    """Values for the outputs, what is shown, or a graph in place of the node."""

    def __init__(
        self,
        *args: Any,
        ui: Any = None,
        expand: Mapping[str, Any] | None = None,
        block_execution: str | None = None,
    ) -> None:
        self.args = args
        self.ui = ui
        self.expand = expand
        self.block_execution = block_execution

    @property
    def result(self) -> tuple[Any, ...] | None:
        return self.args or None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "NodeOutput":
        """From what a function of the first node API may return."""
        given = data.get("result", ())
        block = None
        if isinstance(given, ExecutionBlocker):
            block, given = given.message or "", ()
        args = tuple(given) if isinstance(given, tuple | list) else (given,)
        return cls(*args, ui=data.get("ui"), expand=data.get("expand"), block_execution=block)

    def __getitem__(self, index: int) -> Any:
        return self.args[index]


def normalized(result: Any) -> NodeOutput:
    """Whatever a call returned as a `NodeOutput`."""
    match result:
        case NodeOutput():
            return result
        case None:
            return NodeOutput()
        case tuple():
            return NodeOutput(*result)
        case dict():
            return NodeOutput.from_dict(result)
        case ExecutionBlocker():
            return NodeOutput(block_execution=result.message or "")
    return NodeOutput(result)


def as_ours(result: Any, schema: api.Schema, *, may_expand: bool) -> api.NodeOutput:
    """The same for the engine. Raises `NotExpandable`."""
    if isinstance(result, NodeOutput):
        given = api.NodeOutput(
            *output_values(result.result, len(schema.outputs)),
            ui=shown(result.ui),
            expand=result.expand,
            block_execution=result.block_execution,
        )
    else:
        given = node_output(result, len(schema.outputs))
    if given.expand is not None and not may_expand:
        raise NotExpandable(schema.class_type)
    return given
