"""Patience with the database: what is under way waits while it cannot be used, as when the disk is
full, instead of failing. A restart would take it up just there, so it may be tried again."""

from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

import structlog

from hub.clock import Clock
from hub.storage.database import StorageFailed

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
P = ParamSpec("P")
T = TypeVar("T")
log = structlog.get_logger()


async def patiently(
    clock: Clock, attempt: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs
) -> T:
    """What `attempt` gives, as soon as the database lets it. Raises what it raises otherwise."""
    pause = FIRST_PAUSE
    while True:
        try:
            return await attempt(*args, **kwargs)
        except StorageFailed as failure:
            if not failure.may_pass:
                raise
            if pause == FIRST_PAUSE:
                log.warning("a firing waits for the database", reason=str(failure))
        await clock.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
