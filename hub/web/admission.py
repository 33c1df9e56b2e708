"""Files that came with a request become inputs: looked at by a probe, then kept by their hash."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from hub.errors import Invalid
from hub.web.parts import Parts


class UnusableUpload(Invalid):
    """An uploaded file cannot be used."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name!r} cannot be used: it {problem}.")


async def admitted(parts: Parts, path: Path, name: str) -> str:
    """The name in the input store of the file at `path`, which its sender calls `name`.

    Raises `UnusableUpload`.
    """
    inspection = await parts.probe.inspect(path)
    if inspection.problem is not None:
        raise UnusableUpload(name, inspection.problem)
    return await parts.books.inputs.admit(path, inspection)


@asynccontextmanager
async def scratch(parts: Parts, suffix: str) -> AsyncIterator[Path]:
    """A name for a file in the making, which is gone after the block, with all that lie beside it
    under names that begin with its own."""
    ending = suffix if suffix[1:].isalnum() and len(suffix) < 10 else ""
    stem = f"upload-{secrets.token_hex(8)}"
    try:
        yield parts.folders.data / f"{stem}{ending}"
    finally:
        await asyncio.to_thread(_clear, parts.folders.data, stem)


def _clear(folder: Path, stem: str) -> None:
    for path in folder.glob(f"{stem}*"):
        path.unlink(missing_ok=True)
