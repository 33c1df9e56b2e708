"""Mistakes of our own in the middle of other people's work: the log has the traceback, and whoever
asked for the work gets a sentence, as for any other failure."""

from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import structlog

from hub.errors import HubError

log = structlog.get_logger()
T = TypeVar("T")


class Unexpected(HubError):
    """Something raised that we do not understand."""

    def __init__(self, what: str, error: Exception) -> None:
        super().__init__(
            f"{what} failed by a mistake of the hub's own ({type(error).__name__}: {error})."
            " The log says more; please report it."
        )


@contextmanager
def all_understood(what: str) -> Iterator[None]:
    """Within the block whatever is no `HubError` becomes `Unexpected`."""
    try:
        yield
    except HubError:
        raise
    except Exception as error:  # one part that breaks takes no other with it
        log.exception("unexpected failure", of=what)
        raise Unexpected(what, error) from error


async def understood(what: str, work: Awaitable[T]) -> T:
    """What `work` gives. Raises a `HubError`, `Unexpected` for whatever else it raised."""
    with all_understood(what):
        return await work


async def reason_of_failure(what: str, work: Awaitable[object]) -> str:
    """The sentence of what `work` raised, or an empty text."""
    try:
        await understood(what, work)
    except HubError as error:
        return str(error)
    return ""
