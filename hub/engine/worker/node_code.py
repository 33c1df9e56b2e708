"""The one place where code of nodes is called, and where whatever it raises is caught."""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, TypeVar

Result = TypeVar("Result")
LONGEST_MESSAGE = 4000


class RunCancelled(BaseException):
    """A node was stopped because its run was cancelled.

    Not an `Exception`, so that a node which catches those does not swallow it.
    """


class NodeRaised(Exception):
    """Code of a node raised `error`."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(words_of(error))
        self.error = error


def call(code: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Result:
    """What `code` returns. Raises `NodeRaised` for anything it raises.

    `sys.exit()` and `KeyboardInterrupt` are about the node as well, not about the worker.
    """
    try:
        return code(*args, **kwargs)
    except RunCancelled:
        raise
    except BaseException as error:
        raise NodeRaised(error) from error


async def wait_for(answer: Awaitable[Result]) -> Result:
    """The same for what an asynchronous node answers later."""
    try:
        return await answer
    except (RunCancelled, asyncio.CancelledError, GeneratorExit):
        raise
    except BaseException as error:
        raise NodeRaised(error) from error


def words_of(error: BaseException) -> str:
    """What an error says of itself, cut where it is endless; else its class.

    The text is made by code of the node, which may fail as well.
    """
    name = type(error).__name__
    try:
        said = str(error) or name
    except RunCancelled:
        return name
    except BaseException as second:  # noqa: BLE001 - the run is about to end with the first one
        return f"{name}, whose own text cannot be made ({type(second).__name__})"
    if len(said) > LONGEST_MESSAGE:
        return f"{said[:LONGEST_MESSAGE]}… ({len(said)} characters in all)"
    return said


def frames_behind(error: BaseException, ours: tuple[str, ...]) -> TracebackType | None:
    """Where `error` came through, without the first frames: those of files whose paths begin as
    `ours` do. The last one stays in any case."""
    frames = error.__traceback__
    while frames and frames.tb_next and frames.tb_frame.f_code.co_filename.startswith(ours):
        frames = frames.tb_next
    return frames
