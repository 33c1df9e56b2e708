"""The hub's own API: what is kept, what may go, and a backup of it."""

import asyncio
import dataclasses
import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from aiohttp import web

from hub.backups.archive import Choice, make_backup
from hub.config.folders import Folders
from hub.errors import Invalid, Unavailable
from hub.web.files import PLAIN
from hub.web.json_body import read_json
from hub.web.json_text import answer
from hub.web.parts import parts_of

_PIECE = 1 << 20


class BackupNotMade(Unavailable):
    """The disk has no room for it, or a file cannot be read."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The backup could not be made: {reason}. `hub backup` writes it to another disk."
        )


async def prune(request: web.Request) -> web.Response:
    """POST /api/hub/prune: let go of what is beyond the limits of `retention`, or only count it."""
    body = await read_json(request)
    dry_run = body.get("dry_run", False) if isinstance(body, dict) else None
    if not isinstance(dry_run, bool):
        raise Invalid('The body is `{"dry_run": true}`, `{"dry_run": false}` or nothing.')
    pruned = await parts_of(request).retention.prune(dry_run=dry_run)
    return answer({"dry_run": dry_run, "pruned": dataclasses.asdict(pruned)})


async def send_backup(request: web.Request) -> web.StreamResponse:
    """GET /api/hub/backup?inputs=&outputs=&secrets=: a backup of the hub as it is now.

    Unless they are `false`, files that runs were given and secrets are in it; outputs, if `true`.
    """
    parts = parts_of(request)
    choice = Choice(
        inputs=_flag(request, "inputs", usual=True),
        outputs=_flag(request, "outputs", usual=False),
        secrets=_flag(request, "secrets", usual=True),
    )
    parts.books.disk_space.check()
    name = f"hub-{parts.clock.now():%Y-%m-%d-%H%M%S}.tar"
    headers = {"Content-Type": PLAIN, "Content-Disposition": f'attachment; filename="{name}"'}
    response = web.StreamResponse(headers=headers)
    file = await asyncio.to_thread(_made, parts.folders, choice, parts.clock.now())
    with file:
        response.content_length = os.fstat(file.fileno()).st_size
        await response.prepare(request)
        while piece := await asyncio.to_thread(file.read, _PIECE):
            await response.write(piece)
    await response.write_eof()
    return response


def _made(folders: Folders, choice: Choice, now: datetime) -> BinaryIO:
    """A backup that has no name any more, so that nothing of it stays whatever happens.

    Raises `BackupNotMade`.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="backup-", dir=folders.staging) as folder:
            target = Path(folder) / "backup.tar"
            make_backup(folders, target, choice, now)
            return target.open("rb")
    except OSError as error:
        raise BackupNotMade(error.strerror or str(error)) from error


def _flag(request: web.Request, name: str, *, usual: bool) -> bool:
    text = request.query.get(name)
    if text not in (None, "true", "false"):
        raise Invalid(f"{name}={text[:50]!r} must be true or false.")
    return usual if text is None else text == "true"
