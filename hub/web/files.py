"""Files as answers: under their own names, and never as what a browser would carry out."""

import mimetypes
import os
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

PLAIN = "application/octet-stream"
SHOWN = ("image/", "video/", "audio/")


def file_answer(path: Path) -> web.FileResponse:
    """The file, whole or the range that was asked for. Pictures, videos and sounds keep their
    type, but for SVG, which can hold scripts; all else is plain bytes."""
    guessed, _ = mimetypes.guess_type(path.name)
    shown = guessed is not None and guessed.startswith(SHOWN) and "svg" not in guessed
    headers = {
        "Content-Type": guessed if guessed and shown else PLAIN,
        "Content-Disposition": disposition(path.name),
    }
    return web.FileResponse(path, headers=headers)


def disposition(name: str) -> str:
    """What a header says of a file's name: as ComfyUI does, or for names that fit no header as
    RFC 6266 does."""
    if name.isascii() and name.isprintable() and not set(name) & {'"', "\\"}:
        return f'filename="{name}"'
    return f"inline; filename*=UTF-8''{quote(os.fsencode(name))}"
