"""The hub's own API: what edited automations would have done."""

import asyncio
from datetime import timedelta
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from hub.automations.loading import read_edited
from hub.config.problems import told_apart
from hub.web.json_body import asked_for
from hub.web.json_text import answer
from hub.web.parts import parts_of


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Automations as YAML, and for how many seconds back they are tried."""

    automations: str
    since: Annotated[float, Meta(gt=0, le=315_360_000)] = 604_800


async def rehearse(request: web.Request) -> web.Response:
    """POST /api/hub/rehearse: judge past events by these automations; nothing is carried out."""
    parts, wanted = parts_of(request), await asked_for(request, Wanted)
    read, positions = await asyncio.to_thread(
        read_edited, parts.folders.config, wanted.automations, parts.live.current
    )
    since = parts.clock.now() - timedelta(seconds=wanted.since)
    rehearsed = [
        await parts.rehearsal.of(automation, since, positions) for automation in read.automations
    ]
    mistakes, warnings = told_apart(read.problems)
    return answer({"mistakes": mistakes, "warnings": warnings, "rehearsed": rehearsed})
