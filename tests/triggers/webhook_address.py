"""A webhook at work, and a caller."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import msgspec

from hub.testing.clock import ScriptedClock
from hub.testing.triggers import MemoryOutcomes, RecordingContext
from hub.triggers.base import WebhookReply, WebhookRequest
from hub.triggers.webhook import WebhookTrigger
from hub.triggers.webhook_registry import WebhookRegistry

TOKEN = "correct horse"
LONG_ID = "4f" * 32


class Address:
    """Webhooks at work, and a caller."""

    def __init__(self) -> None:
        self.registry = WebhookRegistry()
        self.clock = ScriptedClock()
        self.outcomes = MemoryOutcomes()
        self.context = RecordingContext(
            clock=self.clock, webhooks=self.registry, outcomes=self.outcomes
        )
        self._watching: list[asyncio.Task[None]] = []

    async def open(self, **options: Any) -> None:
        """Let a webhook with these options listen."""
        settings = {"webhook_id": "new-photo", "token": TOKEN, **options}
        trigger = msgspec.convert({"trigger": "webhook", **settings}, WebhookTrigger)
        self.context.reports.clear()
        self._watching.append(asyncio.create_task(trigger.watch(self.context)))
        await self.context.reported("watching")

    async def call(
        self,
        body: bytes = b"",
        *,
        to: str = "new-photo",
        token: str | None = TOKEN,
        method: str = "POST",
        headers: dict[str, str] | None = None,
        pieces: list[bytes] | None = None,
        remote: str = "192.168.1.7",
        may_be_anybody: bool = False,
    ) -> WebhookReply:
        """Send a request; a large body in `pieces`."""
        sent = {
            **({} if token is None else {"authorization": f"Bearer {token}"}),
            **(headers or {}),
        }
        request = WebhookRequest(
            method=method,
            headers=sent,
            query={"q": "1"},
            body=body,
            remote=remote,
            rest=_each(pieces) if pieces is not None else None,
            may_be_anybody=may_be_anybody,
        )
        return await self.registry.deliver(to, request)

    async def close(self) -> None:
        for task in self._watching:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def variables(self) -> dict[str, Any]:
        """Of the only observation."""
        (seen,) = self.context.observations
        return seen.variables


async def _each(pieces: list[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
