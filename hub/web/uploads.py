"""Bodies of requests that are too large for memory, in files for as long as they are needed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from hub.errors import Unavailable
from hub.triggers.webhook_multipart import Part, take_apart
from hub.web.admission import scratch
from hub.web.bodies import pieces
from hub.web.parts import Parts

PIECE = 1 << 20


class UploadNotKept(Unavailable):
    """There is no room for an uploaded file, or its folder cannot be written."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"The upload could not be kept: {error.strerror}. Try again later.")


@asynccontextmanager
async def kept(request: web.Request, parts: Parts, suffix: str) -> AsyncIterator[Path]:
    """The body in a file, for as long as the block lasts. Raises `DiskNearlyFull`."""
    async with scratch(parts, suffix) as path:
        await _receive(request, parts, path)
        yield path


@asynccontextmanager
async def kept_form(request: web.Request, parts: Parts) -> AsyncIterator[list[Part]]:
    """The fields of a form, with its files, for as long as the block lasts.

    Raises `DiskNearlyFull`, `UnreadableBody`.
    """
    async with kept(request, parts, "") as path:
        yield await asyncio.to_thread(take_apart, path, request.headers["Content-Type"])


async def _receive(request: web.Request, parts: Parts, path: Path) -> None:
    try:
        with await asyncio.to_thread(path.open, "xb") as file:
            async for piece in pieces(request):
                parts.books.disk_space.check()
                await asyncio.to_thread(file.write, piece)
    except ConnectionError:
        raise
    except OSError as error:
        raise UploadNotKept(error) from error
