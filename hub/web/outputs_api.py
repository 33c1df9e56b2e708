"""The hub's own API: the files that runs produced, and small pictures of them."""

import asyncio
import re

from aiohttp import web

from hub.errors import Invalid, NotFound
from hub.notices import OutputsChanged
from hub.records.output import Output
from hub.web.json_text import answer
from hub.web.output_choice import output_choice
from hub.web.parts import parts_of
from hub.web.pictures import shown_file
from hub.web.query import page_length
from hub.web.shapes import made_shape, output_shape

_PLACE = re.compile(r"(?P<run>[0-9]{1,18})\.(?P<output>[0-9]{1,18})")


class OutputGone(NotFound):
    """The file of an output is not there any more."""

    def __init__(self, output: Output) -> None:
        super().__init__(f"{output.path} is gone: it was moved or deleted since it was made.")


async def list_outputs(request: web.Request) -> web.Response:
    """GET /api/hub/outputs?workflow=&automation=&tag=&starred=&outputs=&before=RUN.OUTPUT&limit="""
    made = await parts_of(request).books.outputs.page(
        output_choice(request),
        before=_place(request.query.get("before")),
        limit=page_length(request),
    )
    return answer({"outputs": [made_shape(each) for each in made]})


async def delete_output(request: web.Request) -> web.Response:
    """DELETE /api/hub/outputs/{output}: its file; the run goes on showing it as deleted."""
    parts = parts_of(request)
    output = int(request.match_info["output"])
    deleted = await parts.books.deletions.delete_output(output, parts.clock.now())
    parts.notices.publish(OutputsChanged(outputs=(output,)))
    return answer({"output": output_shape(deleted)})


async def send_output(request: web.Request) -> web.StreamResponse:
    """GET /api/hub/outputs/{output}, or a JPEG of it with ?thumbnail=PIXELS."""
    parts = parts_of(request)
    output = await parts.books.outputs.get(int(request.match_info["output"]))
    if not await asyncio.to_thread(output.path.is_file):
        raise OutputGone(output)
    return await shown_file(request, output.path)


def _place(text: str | None) -> tuple[int, int] | None:
    """Where the page before ended."""
    if text is None:
        return None
    found = _PLACE.fullmatch(text)
    if found is None:
        raise Invalid(f"before={text[:50]!r} must be a run's number and an output's id: 12.34.")
    return int(found["run"]), int(found["output"])
