"""The addresses under which webhook triggers can be reached."""

from typing import Any

from hub.errors import Conflict
from hub.triggers.base import WebhookHandler, WebhookReply, WebhookRequest


def refusal(status: int, kind: str, message: str) -> WebhookReply:
    """An answer that says what is wrong, in the shape of all errors of the hub."""
    body: dict[str, Any] = {"error": {"type": kind, "message": message}}
    return WebhookReply(status=status, body=body)


# Whoever does not know an id and its token learns nothing: not even that the id exists.
UNKNOWN = refusal(404, "NotFound", "There is no such webhook.")


class WebhookTaken(Conflict):
    """Two triggers want the same address."""

    def __init__(self, webhook_id: str) -> None:
        super().__init__(
            f"Another trigger already has the webhook id {webhook_id[:4]}…: give this one its own."
        )


class WebhookRegistry:
    """Which trigger answers under which id."""

    def __init__(self) -> None:
        self._handlers: dict[str, WebhookHandler] = {}

    def register(self, webhook_id: str, handler: WebhookHandler) -> None:
        if webhook_id in self._handlers:
            raise WebhookTaken(webhook_id)
        self._handlers[webhook_id] = handler

    def unregister(self, webhook_id: str) -> None:
        del self._handlers[webhook_id]

    async def deliver(self, webhook_id: str, request: WebhookRequest) -> WebhookReply:
        """What the trigger with that id answers to `request`."""
        handler = self._handlers.get(webhook_id)
        return await handler(request) if handler else UNKNOWN
