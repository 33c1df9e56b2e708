"""Files that come with a request: streamed to the disk, hashed, and taken into the input store.

A body that holds files is never in memory as a whole.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from hub.errors import Unavailable
from hub.triggers.base import TriggerContext, WebhookRequest
from hub.triggers.webhook_body import Content, TooLarge, UnreadableBody, is_multipart
from hub.triggers.webhook_multipart import Part, take_apart
from hub.triggers.webhook_signing import Signing

_BODY = "body"  # the name of a file that is the body itself


@asynccontextmanager
async def received(
    request: WebhookRequest, context: TriggerContext, limit: int, signing: Signing | None
) -> AsyncIterator[Path]:
    """The body in a file, for as long as the block lasts, with whatever is laid beside it.

    Raises `TooLarge`, `Unavailable`.
    """
    path = context.folders.staging / f"webhook-{secrets.token_hex(8)}"
    try:
        await _receive(request, context, limit, signing, path)
        yield path
    finally:
        await asyncio.to_thread(_clear, path)


async def content_of(path: Path, request: WebhookRequest, context: TriggerContext) -> Content:
    """What a received body says, its files in the input store. Raises `UnreadableBody`."""
    if is_multipart(request.media_type):
        parts = await asyncio.to_thread(take_apart, path, request.content_type)
    else:
        kind = request.media_type or "application/octet-stream"
        parts = [Part(name=_BODY, path=path, content_type=kind)]
    files: dict[str, dict[str, Any]] = {}
    for part in parts:
        if part.path is not None:
            files[_free_name(part.name, files)] = await _admitted(part, part.path, context)
    data = {part.name: part.value for part in reversed(parts) if part.path is None}
    return Content(data=data, files=files)


async def _receive(
    request: WebhookRequest,
    context: TriggerContext,
    limit: int,
    signing: Signing | None,
    path: Path,
) -> None:
    size = 0
    try:
        with await asyncio.to_thread(path.open, "xb") as file:
            async for piece in request.pieces():
                size += len(piece)
                if size > limit:
                    raise TooLarge(limit)
                context.check_space()
                if signing is not None:
                    signing.update(piece)
                await asyncio.to_thread(file.write, piece)
    except ConnectionError:
        raise
    except OSError as error:
        raise Unavailable(f"The body could not be kept: {error.strerror}.") from error


async def _admitted(part: Part, path: Path, context: TriggerContext) -> dict[str, Any]:
    inspection = await context.probe.inspect(path)
    if inspection.sha256 is None:
        raise UnreadableBody(f"The file {part.name!r} could not be read: {inspection.problem}.")
    name = await context.inputs.admit(path, inspection)
    return {
        "path": str(context.inputs.path_of(name)),
        "input": name,
        "filename": part.filename,
        "content_type": part.content_type,
        "size": inspection.size,
        "sha256": inspection.sha256,
    }


def _free_name(name: str, taken: dict[str, Any]) -> str:
    """Of files under the same name the second is `<name>_2`."""
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free


def _clear(path: Path) -> None:
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink(missing_ok=True)
