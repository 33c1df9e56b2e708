"""How large the bodies of requests may be, by the kind of their route."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from enum import Enum

from aiohttp import web

from hub.clock import Clock
from hub.config.server_settings import ServerSettings
from hub.errors import HubError, Invalid

SMALL = 64 << 10
SLOWEST = 1000  # bytes a second
_PIECE = 1 << 20


class Body(Enum):
    """What a route takes: a few words, as from people who have not come in yet; a prompt or form,
    which is held in memory; or a file, which goes to the disk as it comes."""

    SMALL = "small"
    ORDINARY = "ordinary"
    FILE = "file"

    def largest(self, settings: ServerSettings) -> int:
        """In bytes."""
        match self:
            case Body.SMALL:
                return SMALL
            case Body.ORDINARY:
                return settings.max_body
            case Body.FILE:
                return settings.max_upload


class BodyTooLarge(Invalid):
    """A request sends more than its route takes."""

    def __init__(self, largest: int) -> None:
        super().__init__(
            f"The body of the request is larger than the {largest} bytes that are taken there. "
            "How large prompts and files may be is said by `max_body` and `max_upload`, in the "
            "section `server:` of hub.yaml."
        )


class BodyTooSlow(HubError):
    """A request takes too long to come."""

    def __init__(self) -> None:
        super().__init__(
            f"The body of the request comes slower than {SLOWEST} bytes a second. Send it again."
        )


LARGEST = web.RequestKey("largest", int)
"""What the door allows for the request's route."""


def check_length(request: web.Request, largest: int) -> None:
    """Raises `BodyTooLarge` if the request says that it will be; those in pieces do not say it."""
    request[LARGEST] = largest
    if (request.content_length or 0) > largest:
        raise BodyTooLarge(largest)


async def in_time(
    request: web.Request, answering: Awaitable[web.StreamResponse], patience: float, clock: Clock
) -> web.StreamResponse:
    """The answer, unless the body comes slower than `SLOWEST` for `patience` seconds. Raises
    `BodyTooSlow`."""
    if request.content.is_eof():
        return await answering
    try:
        async with asyncio.timeout(None) as limit:
            watching = asyncio.create_task(_watch(request, patience, clock, limit))
            try:
                return await answering
            finally:
                watching.cancel()
    except TimeoutError:
        if limit.expired():
            raise BodyTooSlow from None
        raise


async def _watch(
    request: web.Request, patience: float, clock: Clock, limit: asyncio.Timeout
) -> None:
    """While the hub does not keep up, and so nothing is read, no client is to blame."""
    arrived = 0
    while not request.content.is_eof():
        await clock.sleep(patience)
        came, arrived = request.content.total_bytes - arrived, request.content.total_bytes
        is_read = request.transport is not None and request.transport.is_reading()
        if is_read and came < patience * SLOWEST and not request.content.is_eof():
            limit.reschedule(asyncio.get_running_loop().time())
            return


async def pieces(request: web.Request) -> AsyncIterator[bytes]:
    """The body as it comes. Raises `BodyTooLarge`."""
    size, largest = 0, request[LARGEST]
    async for piece in request.content.iter_chunked(_PIECE):
        size += len(piece)
        if size > largest:
            raise BodyTooLarge(largest)
        yield piece


async def read_body(request: web.Request) -> bytes:
    """All of it. Raises `BodyTooLarge`."""
    if request.content_length is not None and "Content-Encoding" not in request.headers:
        return await request.read()
    return b"".join([piece async for piece in pieces(request)])
