"""What is told about a node that raised: its inputs in short, the kind of error, the traceback."""

import builtins
import traceback
from collections.abc import Mapping
from typing import Any

import torch

from hub.engine.worker.calls import Inputs
from hub.errors import HubError
from hub.nodes.api import Schema
from hub.nodes.pictures import Pictures
from hub.records.run import ErrorKind, RunError

_LONGEST_TEXT = 1000
_MOST_ITEMS = 8


class AttemptFailed(Exception):
    """An attempt ends with `error`."""

    def __init__(self, error: RunError) -> None:
        super().__init__(error.message)
        self.error = error


def refusal(error: HubError, node: str, exception_type: str = "") -> AttemptFailed:
    """The graph cannot be carried out by this worker, because of `node`."""
    return AttemptFailed(
        RunError(
            kind=ErrorKind.GRAPH_REFUSED,
            message=str(error),
            exception_type=exception_type or type(error).__name__,
            node=node,
        )
    )


def node_failure(node: str, schema: Schema, inputs: Inputs, error: BaseException) -> RunError:
    """The record of an error that `node` raised when it was called with `inputs`."""
    return RunError(
        kind=ErrorKind.OUT_OF_MEMORY if is_out_of_memory(error) else ErrorKind.NODE_FAILED,
        message=str(error) or type(error).__name__,
        exception_type=_type_name(error),
        node=node,
        node_type=schema.class_type,
        inputs={
            name: [_shortened(value, _declared_type(schema, name)) for value in values]
            for name, values in inputs.items()
        },
        traceback=tuple(_frames_of_the_node(error)),
    )


def is_out_of_memory(error: BaseException) -> bool:
    """Whether the device or the machine had no memory left; a CPU allocation says so in words."""
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or (
        isinstance(error, RuntimeError) and "can't allocate memory" in str(error)
    )


def _type_name(error: BaseException) -> str:
    kind = type(error)
    if kind.__module__ == builtins.__name__:
        return kind.__name__
    return f"{kind.__module__}.{kind.__qualname__}"


def _frames_of_the_node(error: BaseException) -> list[str]:
    """The traceback without our own first frame, which called the node."""
    frames = error.__traceback__
    return traceback.format_tb(frames.tb_next if frames else None)


def _declared_type(schema: Schema, name: str) -> str:
    declared = schema.input(name)
    return declared.type if declared else ""


def _shortened(value: Any, kind: str) -> Any:
    """JSON that says what `value` is: a tensor as `IMAGE [1, 64, 64, 3] float32`."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return value[:_LONGEST_TEXT]
        case torch.Tensor():
            dtype = str(value.dtype).removeprefix("torch.")
            return f"{kind or 'tensor'} {list(value.shape)} {dtype}"
        case Pictures():
            return f"{kind or 'pictures'} {list(value.shape)} uint8"
        case list() | tuple():
            return [_shortened(item, "") for item in value[:_MOST_ITEMS]]
        case Mapping():
            items = list(value.items())[:_MOST_ITEMS]
            return {str(key): _shortened(item, "") for key, item in items}
    return f"{kind} {type(value).__name__}".strip()
