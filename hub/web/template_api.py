"""The hub's own API: trying a template with an event of the past."""

from typing import Annotated, Any

import msgspec
from aiohttp import web
from msgspec import Meta

from hub.errors import Invalid
from hub.records.event import Event
from hub.storage.books import Books
from hub.web.json_body import asked_for
from hub.web.json_text import answer
from hub.web.parts import parts_of


class Tried(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A template, and with which event it is tried: that one, or the automation's last."""

    template: str
    event: Annotated[str | None, Meta(description="The id of an event.")] = None
    automation: Annotated[str | None, Meta(description="Whose last event it is.")] = None

    def __post_init__(self) -> None:
        if self.event is not None and self.automation is not None:
            raise ValueError("a template is tried with an `event` or with an `automation`'s last")


class NoEvents(Invalid):
    """There is nothing to try a template with."""

    def __init__(self, automation: str) -> None:
        super().__init__(f"There is no event of an automation {automation!r} yet.")


async def try_template(request: web.Request) -> web.Response:
    """POST /api/hub/template: what a template gives; nothing is carried out."""
    parts, tried = parts_of(request), await asked_for(request, Tried)
    event = await _event(tried, parts.books)
    value: Any = await parts.rehearsal.tried(tried.template, event)
    return answer({"value": value, "event": event and event.id})


async def _event(tried: Tried, books: Books) -> Event | None:
    if tried.event is not None:
        return await books.events.get(tried.event)
    if tried.automation is None:
        return None
    firings = await books.firings.page(automation=tried.automation, limit=1)
    if not firings:
        raise NoEvents(tried.automation)
    return await books.events.get(firings[0].event)
