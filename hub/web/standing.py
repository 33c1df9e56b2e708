"""Connections that stay open, WebSockets and streams of events: they are counted, and end with what
let them in."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import WSCloseCode, web

from hub.errors import TooMany
from hub.web.door import DOOR, may_still

SECONDS_TO_COME_AGAIN = 30
SECONDS_TO_LEAVE = 2.0


class TooManyStanding(TooMany):
    """So many are open that one more would cost the others."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"{most} WebSockets and streams are open already, which is the most (max_sockets)."
        )
        self.retry_after = SECONDS_TO_COME_AGAIN


End = Callable[[WSCloseCode, bytes], Coroutine[Any, Any, object]]
"""Ends a connection, for a reason that a WebSocket tells its client."""


@dataclass(frozen=True, eq=False, slots=True)
class Standing:
    """One that is open, with the request that opened it."""

    request: web.Request
    end: End


STANDING = web.AppKey("standing", set[Standing])


@contextmanager
def standing(request: web.Request, end: End) -> Iterator[None]:
    """Have the connection counted inside the block. Raises `TooManyStanding`."""
    all_of_them, most = request.app[STANDING], request.app[DOOR].settings.max_sockets
    if len(all_of_them) >= most:
        raise TooManyStanding(most)
    one = Standing(request, end)
    all_of_them.add(one)
    try:
        yield
    finally:
        all_of_them.discard(one)


async def turn_out(app: web.Application) -> None:
    """End those of clients that would not be let in any more."""
    unwelcome = [one for one in app[STANDING] if not may_still(one.request)]
    await _end(unwelcome, WSCloseCode.POLICY_VIOLATION, b"log in again")


async def end_all(app: web.Application) -> None:
    """On shutdown, so that no client waits for a server that has gone."""
    everyone = app[STANDING].copy()
    await _end(everyone, WSCloseCode.GOING_AWAY, b"the hub is stopping")


async def _end(those: Iterable[Standing], code: WSCloseCode, reason: bytes) -> None:
    """Whose client does not hear of it is cut off."""
    endings = {asyncio.ensure_future(one.end(code, reason)): one for one in those}
    if not endings:
        return
    _, lingering = await asyncio.wait(endings, timeout=SECONDS_TO_LEAVE)
    for ending in lingering:
        if transport := endings[ending].request.transport:
            transport.abort()
        ending.cancel()
    await asyncio.gather(*endings, return_exceptions=True)
