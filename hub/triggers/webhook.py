"""The webhook trigger: an address that takes requests, each of which is an event.

A request is answered with 202 only after its event is on disk. A wrong token or method gets the
same answer as an id that nothing has.
"""

import asyncio
import hmac
import re
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal
from uuid import uuid4

import msgspec
from msgspec import Meta

from hub.config.fields import ByteCount, OneOrMany
from hub.config.folders import Folders
from hub.errors import HubError
from hub.triggers.base import Observation, TriggerContext, WebhookReply, WebhookRequest
from hub.triggers.webhook_body import UnreadableBody, read_form, read_json
from hub.triggers.webhook_registry import UNKNOWN, refusal

_SHORTEST_ID = 8
_SHORTEST_SECRET_ID = 32
_CREDENTIALS = {"authorization", "proxy-authorization", "cookie"}


class WebhookTrigger(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="trigger",
    tag="webhook",
    forbid_unknown_fields=True,
):
    """Fires when a request comes to `/api/webhook/{webhook_id}`."""

    __old_keys__: ClassVar[dict[str, str]] = {"platform": "trigger"}

    kind: ClassVar[str] = "webhook"

    id: Annotated[str | None, Meta(description="Name of this trigger in the automation.")] = None
    alias: Annotated[str | None, Meta(description="What people call this trigger.")] = None
    enabled: Annotated[bool, Meta(description="Whether it watches at all.")] = True
    variables: Annotated[
        dict[str, Any], Meta(description="Variables for conditions and actions; templates.")
    ] = {}
    webhook_id: Annotated[
        str,
        Meta(
            description="Last part of the address: letters, digits, - and _; at least 8 of them,"
            " without a token at least 32."
        ),
    ]
    token: Annotated[
        str | None, Meta(description="What a caller sends as `Authorization: Bearer …`.")
    ] = None
    allowed_methods: Annotated[
        OneOrMany[Literal["GET", "POST", "PUT"]], Meta(description="Methods that are taken.")
    ] = msgspec.field(default_factory=lambda: ["POST", "PUT"])
    idempotency: Annotated[
        str | None,
        Meta(description="Header that names a delivery: the same value again is the same event."),
    ] = None
    max_body: Annotated[
        ByteCount, Meta(description="Most bytes a body may have.", ge=1, le=1 << 30)
    ] = 1 << 20

    def __post_init__(self) -> None:
        if not re.fullmatch(rf"[A-Za-z0-9_-]{{{_SHORTEST_ID},}}", self.webhook_id):
            raise ValueError(
                f"A `webhook_id` has at least {_SHORTEST_ID} letters, digits, `-` or `_`, and"
                " nothing else."
            )
        if self.token == "":
            raise ValueError("The `token` is empty: give it a value or leave it out.")
        if self.token is None and len(self.webhook_id) < _SHORTEST_SECRET_ID:
            raise ValueError(
                "Without a `token` the address is the only secret: give a `token`, or a generated"
                f" `webhook_id` of at least {_SHORTEST_SECRET_ID} characters."
            )
        if not self.allowed_methods:
            raise ValueError("`allowed_methods` is empty: nothing could ever call this webhook.")

    async def watch(self, context: TriggerContext) -> None:
        async def handle(request: WebhookRequest) -> WebhookReply:
            return await self._answer(context, request)

        context.webhooks.register(self.webhook_id, handle)
        try:
            context.report("watching", "Waits for requests.")
            await asyncio.Event().wait()
        finally:
            context.webhooks.unregister(self.webhook_id)

    def sample(self) -> dict[str, Any]:
        headers = {"content-type": "application/json"}
        request = WebhookRequest(
            method=min(self.allowed_methods), headers=headers, query={}, body=b"{}", remote="::1"
        )
        return self._variables(request, delivery_id="0")

    def explain(self, path: Path, folders: Folders) -> str | None:
        return None

    async def _answer(self, context: TriggerContext, request: WebhookRequest) -> WebhookReply:
        authorized = self._knows_token(request)
        if not authorized or request.method not in self.allowed_methods:
            return UNKNOWN
        if len(request.body) > self.max_body:
            return refusal(413, "Invalid", f"The body has more than {self.max_body} bytes.")
        try:
            observation = self._observation(request)
        except UnreadableBody as error:
            return refusal(400, "Invalid", str(error))
        return await _accept(context, observation)

    def _observation(self, request: WebhookRequest) -> Observation:
        delivery_id = self._delivery_id(request) or str(uuid4())
        return Observation(
            key=delivery_id, variables=self._variables(request, delivery_id=delivery_id)
        )

    def _knows_token(self, request: WebhookRequest) -> bool:
        if self.token is None:
            return True
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        same = hmac.compare_digest(_as_bytes(given.strip()), _as_bytes(self.token))
        return same and scheme.lower() == "bearer"

    def _delivery_id(self, request: WebhookRequest) -> str:
        return request.headers.get((self.idempotency or "").lower(), "").strip()

    def _variables(self, request: WebhookRequest, *, delivery_id: str) -> dict[str, Any]:
        content_type = request.headers.get("content-type", "")
        return {
            "webhook_id": self.webhook_id,
            "json": read_json(content_type, request.body),
            "data": read_form(content_type, request.body),
            "query": request.query,
            "headers": {
                name: value for name, value in request.headers.items() if name not in _CREDENTIALS
            },
            "method": request.method,
            "remote": request.remote,
            "delivery_id": delivery_id,
        }


async def _accept(context: TriggerContext, observation: Observation) -> WebhookReply:
    try:
        event = await context.accept(observation)
    except (HubError, OSError) as error:
        return refusal(503, "Unavailable", f"The event could not be kept, try again: {error}")
    return WebhookReply(status=202, body={"event": event.id, "accepted": True})


def _as_bytes(text: str) -> bytes:
    """Header values may hold bytes that are no UTF-8, as surrogate escapes."""
    return text.encode(errors="surrogateescape")
