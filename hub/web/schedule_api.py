"""The hub's own API: what will run, and about how long that takes."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from aiohttp import web

from hub.automations.automation import Automation
from hub.records.firing import Firing, FiringState
from hub.triggers.scheduled import Scheduled
from hub.web.json_text import answer
from hub.web.parts import Parts, parts_of
from hub.web.query import number

LONGEST = 62  # days
DAYS = 7
MOST = 200  # moments of one trigger that are told
_LATELY = 20  # firings that the expected duration is taken from


async def show_schedule(request: web.Request) -> web.Response:
    """GET /api/hub/schedule?days=: the moments of every schedule that is on, and how long the
    automation took lately."""
    parts = parts_of(request)
    now = parts.clock.now()
    until = now + timedelta(days=min(number(request, "days") or DAYS, LONGEST))
    planned = [
        {**plan, "seconds": await _usual_seconds(parts, plan["automation"])}
        for desk in parts.supervisor.known()
        if parts.supervisor.is_on(desk.automation.id)
        for plan in _plans(desk.automation, now, until)
    ]
    return answer({"until": until.isoformat(), "planned": planned})


def _plans(automation: Automation, now: datetime, until: datetime) -> Iterator[dict[str, Any]]:
    """For each of its schedules the moments until then; `more` where not all are told."""
    for index, trigger in enumerate(automation.triggers):
        if not isinstance(trigger, Scheduled) or not trigger.enabled:
            continue
        moments = [moment for moment in trigger.next_times(now, MOST) if moment <= until]
        if moments:
            yield {
                "automation": automation.id,
                "alias": automation.name,
                "trigger": automation.trigger_id(index),
                "times": moments,
                "more": len(moments) == MOST,
            }


async def _usual_seconds(parts: Parts, automation: str) -> float | None:
    """What its latest successful firings took at the median; None if there are none."""
    firings = await parts.books.firings.page(automation=automation, limit=_LATELY)
    took = [_seconds(each) for each in firings if each.state is FiringState.SUCCEEDED]
    return median(took) if took else None


def _seconds(firing: Firing) -> float:
    assert firing.ended_at is not None, "a firing that succeeded has ended"
    return (firing.ended_at - firing.created_at).total_seconds()
