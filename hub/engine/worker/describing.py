"""What went wrong in a node, as data: its inputs shortened, its traceback as lines."""

import traceback
from typing import Any

import torch

from hub.records.run import ErrorKind, RunError

LONGEST_TEXT = 200


def describe_failure(
    error: BaseException, node: str, class_type: str, inputs: dict[str, list[Any]]
) -> RunError:
    """The error of a run whose `node` raised `error`."""
    out_of_memory = isinstance(error, MemoryError | torch.OutOfMemoryError)
    return RunError(
        kind=ErrorKind.OUT_OF_MEMORY if out_of_memory else ErrorKind.NODE_FAILED,
        message=f"Node {node} ({class_type}) failed: {str(error) or type(error).__name__}",
        exception_type=_name(type(error)),
        node=node,
        node_type=class_type,
        inputs={name: [shorten(value) for value in values] for name, values in inputs.items()},
        traceback=tuple(traceback.format_tb(error.__traceback__)),
    )


def shorten(value: Any) -> Any:
    """A value as an error may show it: numbers as they are, tensors by their shape."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return value if len(value) <= LONGEST_TEXT else f"{value[:LONGEST_TEXT]}…"
        case torch.Tensor():
            return f"tensor {list(value.shape)} {str(value.dtype).removeprefix('torch.')}"
        case _:
            return shorten(repr(value))


def _name(kind: type[BaseException]) -> str:
    return (
        kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    )
