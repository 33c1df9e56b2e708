"""The hub's own API: switching automations, pausing them all, firing one, reading files again."""

from typing import Any

import msgspec
from aiohttp import web

from hub.automations.live_configuration import ReadingStatus
from hub.web.json_text import answer
from hub.web.parts import parts_of


async def turn_on(request: web.Request) -> web.Response:
    """POST /api/hub/automations/{automation}/turn_on"""
    return await _switch(request, True)


async def turn_off(request: web.Request) -> web.Response:
    """POST /api/hub/automations/{automation}/turn_off; firings under way go on."""
    return await _switch(request, False)


async def toggle(request: web.Request) -> web.Response:
    """POST /api/hub/automations/{automation}/toggle"""
    is_on = parts_of(request).supervisor.is_on(request.match_info["automation"])
    return await _switch(request, not is_on)


async def pause(request: web.Request) -> web.Response:
    """POST /api/hub/pause: nothing begins any more; events wait on the disk."""
    return await _pause(request, True)


async def resume(request: web.Request) -> web.Response:
    """POST /api/hub/resume"""
    return await _pause(request, False)


async def reload(request: web.Request) -> web.Response:
    """POST /api/hub/reload: read the configuration again, now."""
    parts = parts_of(request)
    changes = await parts.live.reload(parts.supervisor)
    return answer({**msgspec.to_builtins(changes), **_told(parts.live.status())})


def _told(status: ReadingStatus) -> dict[str, Any]:
    return {
        "mistakes": status.mistakes,
        "warnings": status.warnings,
        "after_restart": status.after_restart,
    }


async def _switch(request: web.Request, on: bool) -> web.Response:
    automation = request.match_info["automation"]
    await parts_of(request).supervisor.set_state(automation, on)
    return answer({"automation": automation, "on": on})


async def _pause(request: web.Request, paused: bool) -> web.Response:
    await parts_of(request).supervisor.set_paused(paused)
    return answer({"paused": paused})
