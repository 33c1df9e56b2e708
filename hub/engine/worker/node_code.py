"""The one place where code of nodes is called, and where whatever it raises is caught."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

Result = TypeVar("Result")


class RunCancelled(BaseException):
    """A node was stopped because its run was cancelled.

    Not an `Exception`, so that a node which catches those does not swallow it.
    """


class NodeRaised(Exception):
    """Code of a node raised `error`."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(str(error))
        self.error = error


def call(code: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Result:
    """What `code` returns. Raises `NodeRaised` for anything it raises, also for `sys.exit()`."""
    try:
        return code(*args, **kwargs)
    except (Exception, SystemExit) as error:
        raise NodeRaised(error) from error


async def wait_for(answer: Awaitable[Result]) -> Result:
    """The same for what an asynchronous node answers later."""
    try:
        return await answer
    except (Exception, SystemExit) as error:
        raise NodeRaised(error) from error
