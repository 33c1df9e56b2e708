"""What is told about a node that raised: its inputs in short, the kind of error, the traceback."""

import builtins
import gc
import itertools
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from hub.engine.models.devices import is_out_of_memory
from hub.engine.worker.calls import Inputs
from hub.engine.worker.node_code import NodeRaised, call, frames_behind, words_of
from hub.engine.worker.wrong_kinds import wrong_kinds
from hub.errors import HubError
from hub.nodes.api import Schema
from hub.nodes.pictures import Pictures
from hub.records.run import ErrorKind, RunError

_LONGEST_TEXT = 1000
_MOST_ITEMS = 8
_DEEPEST = 4
_LARGEST_INTEGER = 1 << 63
_FIRST_FRAMES, _LAST_FRAMES = 5, 25
_HUB = Path(__file__).parents[2]
_CALLERS = (str(_HUB / "engine"), str(_HUB / "nodes" / "compat"))
_BY_WRONG_KINDS = (TypeError, AttributeError, ValueError, LookupError)


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
    message = _message(error)
    if isinstance(error, _BY_WRONG_KINDS) and (hint := wrong_kinds(schema, inputs)):
        message = f"{message.rstrip('.')}. {hint}"
    return RunError(
        kind=ErrorKind.OUT_OF_MEMORY if is_out_of_memory(error) else ErrorKind.NODE_FAILED,
        message=message,
        exception_type=_type_name(error),
        node=node,
        node_type=schema.class_type,
        inputs={
            name: [_told(value, _declared_type(schema, name)) for value in values[:_MOST_ITEMS]]
            for name, values in inputs.items()
        },
        traceback=tuple(_frames_of_the_node(error)),
    )


def free_memory_of(error: BaseException) -> None:
    """Let go of what the code that raised it still held, and of what torch keeps for later."""
    forget_frames(error)
    gc.collect()
    if _uses_cuda():
        torch.cuda.empty_cache()


def is_device_lost() -> bool:
    """Whether nothing can be computed on the GPU by this process any more.

    So it is after an error inside of a kernel, until the process ends.
    """
    try:
        if _uses_cuda():
            torch.cuda.synchronize()
    except RuntimeError:
        return True
    return False


def _uses_cuda() -> bool:
    return bool(torch.cuda.is_initialized())  # type: ignore[no-untyped-call] # untyped by torch


def _message(error: BaseException) -> str:
    """What it says, with what a stranger needs to understand it."""
    said, name = words_of(error), type(error).__name__
    if is_out_of_memory(error):
        return (
            f"Memory ran out: {said.rstrip('.')}. Have this run do less at once, such as smaller or"
            " fewer pictures."
        )
    match error:
        case SystemExit():
            return (
                f"The node wanted to end the worker (SystemExit: {said}), which ends its run alone."
            )
        case KeyError() if said != name:
            return f"{name}: {said}"
    return said


def forget_frames(error: BaseException) -> None:
    """Let go of what was held where `error` was raised, and the errors behind it.

    An error remembers the frames it came through, and often sits in a variable of one of them; so
    their tensors would stay until the garbage collector comes.
    """
    seen: set[int] = set()
    behind: BaseException | None = error
    while behind is not None and id(behind) not in seen:
        seen.add(id(behind))
        traceback.clear_frames(behind.__traceback__)
        behind.__traceback__ = None
        behind = behind.__cause__ or behind.__context__


def _type_name(error: BaseException) -> str:
    kind = type(error)
    if kind.__module__ == builtins.__name__:
        return kind.__name__
    return f"{kind.__module__}.{kind.__qualname__}"


def _frames_of_the_node(error: BaseException) -> list[str]:
    """The traceback without our own first frames, which called the node."""
    frames = traceback.format_tb(frames_behind(error, _CALLERS))
    lines = [frame[:_LONGEST_TEXT] for frame in frames]
    left_out = len(lines) - _FIRST_FRAMES - _LAST_FRAMES
    if left_out <= 0:
        return lines
    gap = f"  … {left_out} more …\n"
    return [*lines[:_FIRST_FRAMES], gap, *lines[-_LAST_FRAMES:]]


def _declared_type(schema: Schema, name: str) -> str:
    declared = schema.input(name)
    return declared.type if declared else ""


def _told(value: Any, kind: str) -> Any:
    """What `value` is; its class alone if its own code fails while it is looked at."""
    try:
        return call(_shortened, value, kind)
    except NodeRaised:
        return f"{kind} {type(value).__name__}".strip()


def _shortened(value: Any, kind: str, depth: int = 0) -> Any:
    """JSON that says what `value` is: a tensor as `IMAGE [1, 64, 64, 3] float32`."""
    match value:
        case None | bool() | float():
            return value
        case int():
            small = -_LARGEST_INTEGER <= value < _LARGEST_INTEGER
            return value if small else f"an integer of {value.bit_length()} bits"
        case str():
            return value[:_LONGEST_TEXT]
        case torch.Tensor():
            dtype = str(value.dtype).removeprefix("torch.")
            return f"{kind or 'tensor'} {list(value.shape)} {dtype}"
        case Pictures():
            return f"{kind or 'pictures'} {list(value.shape)} uint8"
        case list() | tuple() if depth < _DEEPEST:
            return [_shortened(item, "", depth + 1) for item in value[:_MOST_ITEMS]]
        case Mapping() if depth < _DEEPEST:
            items = itertools.islice(value.items(), _MOST_ITEMS)
            return {
                str(key)[:_LONGEST_TEXT]: _shortened(item, "", depth + 1) for key, item in items
            }
    return f"{kind} {type(value).__name__}".strip()
