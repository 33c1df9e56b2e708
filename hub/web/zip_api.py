"""The hub's own API: many outputs as one archive, which is made while it is sent."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from aiohttp import web

from hub.errors import Invalid, NotFound
from hub.records.output import Made
from hub.web.output_choice import output_choice
from hub.web.parts import parts_of

MOST_FILES = 1000
MOST_BYTES = 16 << 30
_PIECE = 1 << 20


class TooMuchToDownload(Invalid):
    """More was chosen than is sent at once."""

    def __init__(self) -> None:
        super().__init__(
            f"At most {MOST_FILES} files and {MOST_BYTES >> 30} GiB are downloaded at once. "
            "Choose fewer, by a tag for example."
        )


async def send_zip(request: web.Request) -> web.StreamResponse:
    """GET /api/hub/outputs/zip: the files of those outputs, as they are."""
    parts = parts_of(request)
    made = await parts.books.outputs.page(output_choice(request), limit=MOST_FILES + 1)
    if len(made) > MOST_FILES or sum(each.output.size for each in made) > MOST_BYTES:
        raise TooMuchToDownload
    files = await asyncio.to_thread(_files, made, parts.folders.output)
    if not files:
        raise NotFound("None of these outputs is there any more; nothing can be downloaded.")
    response = web.StreamResponse(
        headers={
            "Content-Type": "application/zip",
            "Content-Disposition": 'attachment; filename="outputs.zip"',
            "Cache-Control": "no-store",
        }
    )
    await response.prepare(request)
    pieces = archive(files)
    while piece := await asyncio.to_thread(next, pieces, b""):
        await response.write(piece)
    await response.write_eof()
    return response


def _files(made: list[Made], folder: Path) -> dict[str, Path]:
    """Those that are there, by the name that they get: where they lie below the output folder."""
    files: dict[str, Path] = {}
    for each in made:
        path = each.output.path
        name = _name(path, folder)
        if files.get(name, path) != path:
            name = f"{each.output.id}/{name}"
        if path.is_file():
            files[name] = path
    return files


def _name(path: Path, folder: Path) -> str:
    """In Unicode, as archives have it, whatever bytes the file is called by."""
    below = path.relative_to(folder) if path.is_relative_to(folder) else path.name
    return os.fsencode(below).decode(errors="replace")


def archive(files: dict[str, Path]) -> Iterator[bytes]:
    """One with these files, in pieces. Pictures and videos are packed already, so they stay as they
    are."""
    written = _Written()
    with ZipFile(written, "w") as target:
        for name, path in files.items():
            try:
                entry = ZipInfo.from_file(path, name, strict_timestamps=False)
                file = path.open("rb")
            except FileNotFoundError:  # deleted while others were sent
                continue
            with file, target.open(entry, "w") as packed:
                while piece := file.read(_PIECE):
                    packed.write(piece)
                    yield written.take()
    yield written.take()


class _Written:
    """A file that cannot be gone back in, and of which somebody takes what was written."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """There is nothing behind it."""

    def close(self) -> None:
        """Nor anything to let go of."""

    def take(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
