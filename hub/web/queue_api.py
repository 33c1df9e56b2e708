"""The hub's own API: the runs that wait, and whose turn is next."""

import msgspec
from aiohttp import web

from hub.errors import Invalid
from hub.web.json_body import asked_for
from hub.web.json_text import answer
from hub.web.parts import parts_of
from hub.web.query import page_length
from hub.web.shapes import run_shape


class Place(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a run is to stand, by the id or number of another one; with neither, at the front."""

    before: str | int | None = None
    after: str | int | None = None


async def show_queue(request: web.Request) -> web.Response:
    """GET /api/hub/queue?limit=: the runs that wait, next first, and how many there are."""
    waiting = parts_of(request).runs.order.waiting()
    shown = waiting[: page_length(request)]
    return answer({"runs": [run_shape(run) for run in shown], "count": len(waiting)})


async def move_run(request: web.Request) -> web.Response:
    """POST /api/hub/runs/{run}/move: another turn for a run that waits; on disk when answered."""
    place = await asked_for(request, Place)
    if place.before is not None and place.after is not None:
        raise Invalid("Give the run that it goes `before`, or the one that it goes `after`.")
    parts = parts_of(request)
    find = parts.books.runs.get
    moved = await parts.runs.order.move(
        await find(request.match_info["run"]),
        before=None if place.before is None else await find(str(place.before)),
        after=None if place.after is None else await find(str(place.after)),
    )
    return answer({"run": run_shape(moved)})
