"""The addresses under which webhook triggers can be reached."""

from typing import Any

from hub.errors import Conflict, NotFound
from hub.triggers.base import WebhookHandler, WebhookReply, WebhookRequest

# So much of a body is read before a stranger is answered, whether the id is known or not: only
# what is signed has to be read to its end, and that must not show.
_MOST_READ = 64 << 20


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


class NoSuchWebhook(NotFound):
    """Nothing answers under an id."""

    def __init__(self) -> None:
        super().__init__("There is no such webhook at work.")


class WebhookRegistry:
    """Which trigger answers under which id.

    State: `_handlers` are those of automations; `_lines` those of steps that wait, where several
    may wait for the same id, and the first answers.
    """

    def __init__(self) -> None:
        self._handlers: dict[str, WebhookHandler] = {}
        self._lines: dict[str, list[WebhookHandler]] = {}

    def register(self, webhook_id: str, handler: WebhookHandler) -> None:
        if self._find(webhook_id):
            raise WebhookTaken(webhook_id)
        self._handlers[webhook_id] = handler

    def unregister(self, webhook_id: str) -> None:
        del self._handlers[webhook_id]

    def line_up(self, webhook_id: str, handler: WebhookHandler) -> None:
        """Behind others that wait. Raises `Conflict` if an automation's trigger has that id."""
        if webhook_id in self._handlers:
            raise WebhookTaken(webhook_id)
        self._lines.setdefault(webhook_id, []).append(handler)

    def leave(self, webhook_id: str, handler: WebhookHandler) -> None:
        """The end of `line_up`."""
        self._lines[webhook_id].remove(handler)

    def listens(self, webhook_id: str) -> bool:
        return self._find(webhook_id) is not None

    def handler(self, webhook_id: str) -> WebhookHandler:
        """Raises `NoSuchWebhook`."""
        found = self._find(webhook_id)
        if found is None:
            raise NoSuchWebhook
        return found

    async def deliver(self, webhook_id: str, request: WebhookRequest) -> WebhookReply:
        """What the trigger with that id answers to `request`."""
        handler = self._find(webhook_id)
        reply = await handler(request) if handler else UNKNOWN
        if reply is UNKNOWN and request.rest is not None:
            await _read_on(request)
        return reply

    def _find(self, webhook_id: str) -> WebhookHandler | None:
        return self._handlers.get(webhook_id) or next(iter(self._lines.get(webhook_id, [])), None)


class PlaceInLine:
    """Implements `hub.triggers.base.Webhooks` for the trigger of one step that waits."""

    def __init__(self, registry: WebhookRegistry) -> None:
        self._registry = registry
        self._handler: WebhookHandler

    def register(self, webhook_id: str, handler: WebhookHandler) -> None:
        self._registry.line_up(webhook_id, handler)
        self._handler = handler

    def unregister(self, webhook_id: str) -> None:
        self._registry.leave(webhook_id, self._handler)


async def _read_on(request: WebhookRequest) -> None:
    size = 0
    async for piece in request.pieces():
        size += len(piece)
        if size > _MOST_READ:
            return
