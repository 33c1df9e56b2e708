"""The hub's own API: stars and tags of outputs."""

from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from hub.notices import OutputsChanged
from hub.web.json_body import asked_for
from hub.web.json_text import answer
from hub.web.output_choice import MOST_IDS
from hub.web.parts import parts_of

Tag = Annotated[str, Meta(min_length=1, max_length=50, pattern=r"^[^\x00-\x1f,]*$")]
Id = Annotated[int, Meta(ge=1, lt=10**18)]


class Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to become of the marks of these outputs; what is left out stays."""

    outputs: Annotated[list[Id], Meta(min_length=1, max_length=MOST_IDS)]
    starred: bool | None = None
    add: Annotated[list[Tag], Meta(max_length=50)] = []
    remove: Annotated[list[Tag], Meta(max_length=50)] = []


async def mark_outputs(request: web.Request) -> web.Response:
    """POST /api/hub/outputs/mark: give and take stars and tags."""
    change = await asked_for(request, Change)
    add = {tag for each in change.add if (tag := each.strip())}
    parts = parts_of(request)
    await parts.books.marks.change(
        change.outputs, starred=change.starred, add=add, remove=change.remove
    )
    parts.notices.publish(OutputsChanged(outputs=tuple(change.outputs)))
    return answer({"outputs": change.outputs})


async def list_tags(request: web.Request) -> web.Response:
    """GET /api/hub/tags: every tag of outputs, and how many have it."""
    tags = await parts_of(request).books.marks.tags()
    return answer({"tags": [{"tag": tag, "outputs": count} for tag, count in tags]})
