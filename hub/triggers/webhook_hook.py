"""The way of one request: who calls, what it says, whether it may; then it is an event.

Whoever is not let in gets the answer of an id that nothing has. A request is answered with 202 only
after its event is on disk.
"""

import uuid
from collections import deque
from typing import Any

from hub.errors import HubError, NoSuch, Unavailable
from hub.records.event import Event
from hub.triggers.base import Observation, TriggerContext, WebhookReply, WebhookRequest
from hub.triggers.webhook_body import Content, TooLarge, holds_files, read_text, whole_text
from hub.triggers.webhook_callers import Meter, is_local, is_within, rate
from hub.triggers.webhook_files import content_of, received
from hub.triggers.webhook_registry import UNKNOWN, refusal
from hub.triggers.webhook_response import accepted, response_to
from hub.triggers.webhook_settings import WebhookSettings
from hub.triggers.webhook_signing import Signing

_KEPT = 50  # refused requests that are remembered
_SHOWN_LENGTH = 200


class _Stranger(Exception):
    """The caller is not let in, and not told why; the text is remembered."""


class Hook:
    """One webhook at work.

    State: `_refused` are the latest requests that led to nothing, with why; `_meter` counts those
    that may call.
    """

    def __init__(self, settings: WebhookSettings, context: TriggerContext) -> None:
        self._settings = settings
        self._context = context
        self._caller = settings.caller
        self._networks = settings.networks
        self._refused: deque[dict[str, Any]] = deque(maxlen=_KEPT)
        limit = settings.rate_limit
        self._meter = Meter(rate(limit), context.clock) if limit else None

    async def __call__(self, request: WebhookRequest) -> WebhookReply:
        try:
            self._let_in(request)
            content = await self._content(request)
            return (
                content
                if isinstance(content, WebhookReply)
                else await self._accept(request, content)
            )
        except _Stranger as stranger:
            return self._refuse(request, UNKNOWN, str(stranger))
        except TooLarge as error:
            return self._refuse(request, refusal(413, "Invalid", str(error)))
        except Unavailable as error:
            return self._refuse(request, refusal(503, "Unavailable", str(error)))
        except HubError as error:
            return self._refuse(request, refusal(400, "Invalid", str(error)))

    async def requests(self, limit: int) -> list[dict[str, Any]]:
        events = await self._context.past_events(limit)
        taken = [_taken(event) for event in events]
        every = [*taken, *self._refused]
        return sorted(every, key=lambda request: str(request["at"]), reverse=True)[:limit]

    async def replay(self, event: str) -> Event:
        past = await self._context.past_events(1000)
        found = next((each for each in past if each.id == event), None)
        if found is None:
            raise NoSuch("request", event, "Only the latest 1000 of a webhook can be replayed.")
        delivery = str(uuid.uuid4())
        variables = {**found.variables, "delivery_id": delivery}
        return await self._context.accept(Observation(key=delivery, variables=variables))

    def _let_in(self, request: WebhookRequest) -> None:
        """Raises `_Stranger`."""
        settings = self._settings
        if settings.allow:
            if request.may_be_anybody or not is_within(request.remote, self._networks):
                raise _Stranger("The caller's address is not among `allow`.")
        elif settings.local_only and (request.may_be_anybody or not is_local(request.remote)):
            raise _Stranger("The caller is not in the hub's network (`local_only`).")
        if not self._caller.knows(request, self._context.clock.now().timestamp()):
            raise _Stranger("The credentials or the signature's time are missing or wrong.")
        if request.method not in settings.allowed_methods:
            raise _Stranger(f"The method {request.method} is not among `allowed_methods`.")

    async def _content(self, request: WebhookRequest) -> Content | WebhookReply:
        """What the body says, or why it is not taken. Raises `_Stranger`, `HubError`."""
        limit, signing = self._settings.max_body, self._caller.signing(request)
        try:
            if not holds_files(request):
                body = await whole_text(request, limit)
                if signing is not None:
                    signing.update(body)
                return self._too_often(request, signing) or read_text(request.content_type, body)
            async with received(request, self._context, limit, signing) as path:
                return self._too_often(request, signing) or await content_of(
                    path, request, self._context
                )
        except TooLarge as error:
            if signing is not None:  # nobody knows yet who that is
                raise _Stranger(str(error)) from None
            raise

    def _too_often(self, request: WebhookRequest, signing: Signing | None) -> WebhookReply | None:
        """Raises `_Stranger` first if the signature is wrong, so that strangers use up nothing."""
        if signing is not None and not signing.holds():
            raise _Stranger("The signature does not fit the body and the secret.")
        seconds = self._meter.wait_for() if self._meter else 0
        if not seconds:
            return None
        message = f"There may be {self._settings.rate_limit} requests: try again in {seconds} s."
        reply = refusal(429, "TooMany", message)
        reply.headers["Retry-After"] = str(seconds)
        return self._refuse(request, reply)

    async def _accept(self, request: WebhookRequest, content: Content) -> WebhookReply:
        delivery = await self._delivery_id(request, content)
        variables = variables_of(self._settings, request, content, delivery_id=delivery)
        try:
            event = await self._context.accept(Observation(key=delivery, variables=variables))
        except (HubError, OSError) as error:
            message = f"The event could not be kept, try again: {error}"
            return self._refuse(request, refusal(503, "Unavailable", message))
        if self._settings.respond == "accepted":
            return accepted(event)
        return await response_to(event, request, self._settings, self._context)

    async def _delivery_id(self, request: WebhookRequest, content: Content) -> str:
        written = self._settings.idempotency
        if written is None:
            found = self._caller.delivery_id(request, content.json)
        elif "{" in written:
            variables = variables_of(self._settings, request, content, delivery_id="")
            found = await self._context.outcomes.render(written, {"trigger": variables})
        else:
            found = request.headers.get(written.lower(), "")
        return found.strip() or str(uuid.uuid4())

    def _refuse(
        self, request: WebhookRequest, reply: WebhookReply, reason: str = ""
    ) -> WebhookReply:
        self._refused.append(
            {
                "at": self._context.clock.now().isoformat(),
                "state": "refused",
                "reason": reason or reply.body["error"]["message"],
                "status": reply.status,
                "method": request.method,
                "remote": request.remote[:_SHOWN_LENGTH],
                "content_type": request.content_type[:_SHOWN_LENGTH],
            }
        )
        return reply


def variables_of(
    settings: WebhookSettings, request: WebhookRequest, content: Content, *, delivery_id: str
) -> dict[str, Any]:
    """What templates see; nothing of it tells a secret."""
    hides = settings.caller.hides
    return {
        "webhook_id": settings.webhook_id,
        "json": content.json,
        "text": content.text,
        "data": content.data,
        "files": content.files,
        "query": request.query,
        "headers": {name: value for name, value in request.headers.items() if not hides(name)},
        "method": request.method,
        "remote": request.remote,
        "delivery_id": delivery_id,
    }


def _taken(event: Event) -> dict[str, Any]:
    facts = {name: value for name, value in event.variables.items() if name != "webhook_id"}
    return {
        "at": event.observed_at.isoformat(),
        "state": "accepted",
        "reason": "",
        "event": event.id,
        **facts,
    }
