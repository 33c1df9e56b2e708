"""The webhook trigger: an address that takes requests, each of which is an event."""

import asyncio
from typing import Any, ClassVar

from hub.triggers.base import TriggerContext, WebhookRequest
from hub.triggers.webhook_body import Content
from hub.triggers.webhook_hook import Hook, variables_of
from hub.triggers.webhook_settings import WebhookSettings


class WebhookTrigger(
    WebhookSettings,
    frozen=True,
    kw_only=True,
    tag_field="trigger",
    tag="webhook",
    forbid_unknown_fields=True,
):
    """Fires when a request comes to `/api/webhook/{webhook_id}`."""

    kind: ClassVar[str] = "webhook"

    async def watch(self, context: TriggerContext) -> None:
        context.webhooks.register(self.webhook_id, Hook(self, context))
        try:
            context.report("watching", "Waits for requests.")
            await asyncio.Event().wait()
        finally:
            context.webhooks.unregister(self.webhook_id)

    def sample(self) -> dict[str, Any]:
        request = WebhookRequest(
            method=min(self.allowed_methods),
            headers={},
            query={},
            body=b"{}",
            remote="::1",
        )
        return variables_of(self, request, Content(json={}), delivery_id="0")
