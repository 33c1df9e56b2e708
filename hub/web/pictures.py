"""Files that are shown: whole, or as a small picture."""

import asyncio
from pathlib import Path

from aiohttp import web

from hub.web.files import file_answer
from hub.web.parts import parts_of
from hub.web.query import number

LARGEST_THUMBNAIL = 2048


async def shown_file(request: web.Request, path: Path) -> web.StreamResponse:
    """The file, or a JPEG of it with ?thumbnail=PIXELS, which a browser asks for only once."""
    longest_side = min(number(request, "thumbnail") or 0, LARGEST_THUMBNAIL)
    if not longest_side:
        return file_answer(path)
    status = await asyncio.to_thread(path.stat)
    tag = f'"{status.st_mtime_ns}-{status.st_size}-{longest_side}"'
    # A name may stand for another file later, so a browser has to ask before it shows what it
    # knows; the answer costs nothing.
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("If-None-Match") == tag:
        return web.Response(status=304, headers=headers)
    jpeg = await parts_of(request).probe.thumbnail(path, longest_side)
    return web.Response(body=jpeg, content_type="image/jpeg", headers=headers)
