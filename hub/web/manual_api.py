"""The hub's own API: automations fired by hand."""

from typing import Annotated, Any

import msgspec
from aiohttp import web
from msgspec import Meta

from hub.automations.by_hand import (
    OtherAutomation,
    form_of,
    variables_of_form,
    variables_of_past,
)
from hub.automations.parts import given_before, part_of
from hub.errors import Invalid
from hub.records.event import GIVEN, ONLY, SKIPS_CONDITIONS
from hub.records.firing import firing_id
from hub.web.json_body import read_json
from hub.web.json_text import answer
from hub.web.parts import Parts, parts_of


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to fire with: a form's values, the id of an event of the past, or bare variables."""

    parameters: dict[str, Any] | None = None
    event: Annotated[str, Meta(pattern="^[ -~]*$")] | None = None
    variables: dict[str, Any] | None = None
    only: Annotated[str | None, Meta(description="One step, such as `actions/1/then/0`.")] = None


class NothingHappened(Invalid):
    """An automation is to be judged with its last event, and has none."""

    def __init__(self, automation: str) -> None:
        super().__init__(f"The automation {automation!r} has had no event yet.")


async def trigger_automation(request: web.Request) -> web.Response:
    """POST /api/hub/automations/{automation}/trigger; 202 with the event once it is on disk."""
    try:
        asked = msgspec.convert(await read_json(request), Asked)
    except msgspec.ValidationError as error:
        raise Invalid(f"The automation cannot be fired like this: {error}.") from error
    if sum(each is not None for each in (asked.parameters, asked.event, asked.variables)) > 1:
        raise Invalid("Give `parameters`, or an `event` of the past, or `variables`.")
    parts, automation = parts_of(request), request.match_info["automation"]
    parts.books.disk_space.check()
    variables = await _variables(parts, automation, asked)
    if asked.only is not None:
        part_of(parts.supervisor.automation(automation), asked.only)
        given = await _given(parts, asked.event, asked.only) if asked.event else {}
        variables = {**variables, ONLY: asked.only, SKIPS_CONDITIONS: True, GIVEN: given}
    event = await parts.supervisor.trigger(automation, variables)
    return answer({"event": event.id, "firing": firing_id(event)}, status=202)


async def show_form(request: web.Request) -> web.Response:
    """GET /api/hub/automations/{automation}/form: its fields by name; null if anything goes."""
    parts = parts_of(request)
    automation = parts.supervisor.automation(request.match_info["automation"])
    return answer({"parameters": form_of(automation)})


async def judge_conditions(request: web.Request) -> web.Response:
    """GET /api/hub/automations/{automation}/conditions?event=: what each says of an event, else of
    the last; nothing is carried out."""
    parts, books = parts_of(request), parts_of(request).books
    automation = parts.supervisor.written(request.match_info["automation"])
    wanted = request.query.get("event")
    if wanted is None:
        firings = await books.firings.page(automation=automation.id, limit=1)
        if not firings:
            raise NothingHappened(automation.id)
        wanted = firings[0].event
    event = await books.events.get(wanted)
    if event.automation != automation.id:
        raise OtherAutomation(event, automation.id)
    verdicts = await parts.rehearsal.conditions(automation, event)
    return answer({"event": event.id, "verdicts": verdicts})


async def _given(parts: Parts, event_id: str, way: str) -> dict[str, Any]:
    """What the steps before one gave when that event was worked on."""
    books = parts.books
    event = await books.events.get(event_id)
    for firing in await books.firings.of_event(event.id):
        return given_before(way, event, firing, await books.firings.steps(firing.id))
    return {}


async def _variables(parts: Parts, automation: str, asked: Asked) -> dict[str, Any]:
    if asked.event is not None:
        return variables_of_past(automation, await parts.books.events.get(asked.event))
    if asked.variables is not None:
        return asked.variables
    declared = parts.supervisor.automation(automation)
    return variables_of_form(declared, asked.parameters or {})
