"""The hub's own API: the files that runs produced, and small pictures of them."""

import asyncio

from aiohttp import web

from hub.errors import NotFound
from hub.records.output import Output
from hub.web.files import file_answer
from hub.web.parts import parts_of
from hub.web.query import number

LARGEST_THUMBNAIL = 2048


class OutputGone(NotFound):
    """The file of an output is not there any more."""

    def __init__(self, output: Output) -> None:
        super().__init__(f"{output.path} is gone: it was moved or deleted since it was made.")


async def send_output(request: web.Request) -> web.StreamResponse:
    """GET /api/hub/outputs/{output}, or a JPEG of it with ?thumbnail=PIXELS."""
    parts = parts_of(request)
    output = await parts.books.outputs.get(int(request.match_info["output"]))
    if not await asyncio.to_thread(output.path.is_file):
        raise OutputGone(output)
    longest_side = min(number(request, "thumbnail") or 0, LARGEST_THUMBNAIL)
    if not longest_side:
        return file_answer(output.path)
    # Ids are given anew after the database was deleted, so a browser has to ask before it shows
    # what it knows; the answer costs nothing.
    headers = {"ETag": f'"{output.sha256}-{longest_side}"', "Cache-Control": "private, no-cache"}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return web.Response(status=304, headers=headers)
    jpeg = await parts.probe.thumbnail(output.path, longest_side)
    return web.Response(body=jpeg, content_type="image/jpeg", headers=headers)
