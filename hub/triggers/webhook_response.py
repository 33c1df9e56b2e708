"""What a webhook answers once its event is on disk: at once, when all is done, or all the while."""

import json
from collections.abc import AsyncIterator
from typing import Any

from hub.clock import within
from hub.errors import HubError
from hub.records.event import Event
from hub.triggers.base import Outcome, TriggerContext, WebhookReply, WebhookRequest
from hub.triggers.webhook_registry import refusal
from hub.triggers.webhook_settings import ResponseSettings, WebhookSettings

_LINES = "application/x-ndjson"
_EVENTS = "text/event-stream"


def accepted(event: Event) -> WebhookReply:
    """It is on disk."""
    return WebhookReply(status=202, body={"event": event.id, "accepted": True})


async def response_to(
    event: Event, request: WebhookRequest, settings: WebhookSettings, context: TriggerContext
) -> WebhookReply:
    """As `respond` says."""
    match settings.respond:
        case "wait":
            return await _when_done(event, settings, context)
        case "stream":
            return _as_it_goes(event, request, settings, context)
    return accepted(event)


async def _when_done(
    event: Event, settings: WebhookSettings, context: TriggerContext
) -> WebhookReply:
    seconds = settings.timeout.total_seconds()
    try:
        outcome = await within(context.clock, seconds, context.outcomes.of(event))
    except TimeoutError:
        status = _status_of(event)
        return WebhookReply(
            status=202,
            body={"event": event.id, "accepted": True, "status": status},
            headers={"Location": status},
        )
    if outcome.report.get("state") == "failed":
        return WebhookReply(status=500, body=outcome.report)
    return await _made(event, outcome, settings.response or ResponseSettings(), context)


async def _made(
    event: Event, outcome: Outcome, response: ResponseSettings, context: TriggerContext
) -> WebhookReply:
    if response.output:
        if outcome.output is None:
            return WebhookReply(status=404, body=outcome.report)
        return WebhookReply(status=response.code, headers=response.headers, file=outcome.output)
    if response.template is None:
        return WebhookReply(status=response.code, headers=response.headers, body=outcome.report)
    variables = {"trigger": event.variables, **outcome.report}
    try:
        text = await context.outcomes.render(response.template, variables)
    except HubError as error:
        return refusal(500, "Invalid", f"The response could not be made: {error}")
    return WebhookReply(status=response.code, headers=response.headers, text=text)


def _as_it_goes(
    event: Event, request: WebhookRequest, settings: WebhookSettings, context: TriggerContext
) -> WebhookReply:
    wants_lines = _LINES in request.headers.get("accept", "")
    said = _told(event, settings, context)
    kind = _LINES if wants_lines else _EVENTS
    return WebhookReply(
        status=200,
        headers={"Content-Type": kind, "Cache-Control": "no-cache"},
        stream=_lines(said) if wants_lines else _events(said),
    )


async def _told(
    event: Event, settings: WebhookSettings, context: TriggerContext
) -> AsyncIterator[dict[str, Any]]:
    """What happens, until all is done or the time is over."""
    until = context.clock.monotonic() + settings.timeout.total_seconds()
    with context.outcomes.told(event) as told:
        while True:
            try:
                yield await within(context.clock, until - context.clock.monotonic(), anext(told))
            except StopAsyncIteration:
                return
            except TimeoutError:
                yield {"type": "timeout", "event": event.id, "status": _status_of(event)}
                return


async def _lines(said: AsyncIterator[dict[str, Any]]) -> AsyncIterator[bytes]:
    async for item in said:
        yield json.dumps(item).encode() + b"\n"


async def _events(said: AsyncIterator[dict[str, Any]]) -> AsyncIterator[bytes]:
    """Server-sent events, as browsers' `EventSource` reads them."""
    async for item in said:
        yield f"event: {item['type']}\ndata: {json.dumps(item)}\n\n".encode()


def _status_of(event: Event) -> str:
    return f"/api/hub/events/{event.id}"
