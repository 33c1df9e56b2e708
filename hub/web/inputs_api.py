"""The hub's own API: files from clients become inputs that runs can name."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from hub.errors import Invalid, Unavailable
from hub.web.json_text import answer
from hub.web.parts import Parts, parts_of

PIECE = 1 << 20


class UnusableUpload(Invalid):
    """An uploaded file cannot be used."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name!r} cannot be used: it {problem}.")


class UploadNotKept(Unavailable):
    """There is no room for an uploaded file, or its folder cannot be written."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"The upload could not be kept: {error.strerror}. Try again later.")


async def upload_input(request: web.Request) -> web.Response:
    """POST /api/hub/inputs?name=FILE with the bytes as body; gives the name to refer to them by."""
    parts = parts_of(request)
    name = request.query.get("name", "")
    if not name:
        raise Invalid("Say what the file is called: /api/hub/inputs?name=…")
    async with _kept(request, parts, Path(name).suffix) as path:
        inspection = await parts.probe.inspect(path)
        if inspection.problem is not None:
            raise UnusableUpload(name, inspection.problem)
        stored = await parts.books.inputs.admit(path, inspection)
    return answer({"name": stored}, status=201)


@asynccontextmanager
async def _kept(request: web.Request, parts: Parts, suffix: str) -> AsyncIterator[Path]:
    """The body in a file, for as long as the block lasts. Raises `DiskNearlyFull`."""
    ending = suffix if suffix[1:].isalnum() and len(suffix) < 10 else ""
    path = parts.folders.data / f"upload-{secrets.token_hex(8)}{ending}"
    try:
        await _receive(request, parts, path)
        yield path
    finally:
        await asyncio.to_thread(path.unlink, missing_ok=True)


async def _receive(request: web.Request, parts: Parts, path: Path) -> None:
    try:
        with await asyncio.to_thread(path.open, "xb") as file:
            async for piece in request.content.iter_chunked(PIECE):
                parts.books.disk_space.check()
                await asyncio.to_thread(file.write, piece)
    except ConnectionError:
        raise
    except OSError as error:
        raise UploadNotKept(error) from error
