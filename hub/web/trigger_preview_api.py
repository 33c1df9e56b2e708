"""The hub's own API: what a trigger would do, for an editor."""

import asyncio
from typing import Any

import msgspec
from aiohttp import web

from hub.automations.trigger_preview import preview
from hub.web.json_body import asked_for
from hub.web.json_text import answer
from hub.web.parts import parts_of


class WrittenTrigger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A trigger as it stands in an automation."""

    trigger: dict[str, Any]


async def preview_trigger(request: web.Request) -> web.Response:
    """POST /api/hub/triggers/preview: when a schedule fires next, which files lie in a folder and
    what is against each, or the problem that nothing can be told for."""
    parts, wanted = parts_of(request), await asked_for(request, WrittenTrigger)
    now, current = parts.clock.now(), parts.live.current
    return answer(await asyncio.to_thread(preview, wanted.trigger, now, current))
