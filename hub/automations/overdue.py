"""Moments of schedules that have come and of which nothing has begun: the trigger fails, say, an
earlier firing does not end, or all automations are paused."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.automations.desk import Desk
from hub.automations.supervisor import Supervisor
from hub.storage.occurrences import Occurrences
from hub.triggers.schedule_settings import ScheduleSettings

GRACE = timedelta(minutes=2)  # a schedule looks at its moments once a minute


@dataclass(frozen=True, kw_only=True, slots=True)
class Overdue:
    """What should have begun `since` then, in UTC."""

    automation: str
    since: datetime


async def overdue(supervisor: Supervisor, occurrences: Occurrences, now: datetime) -> list[Overdue]:
    """The longest overdue moment of each automation that is on."""
    due = await occurrences.due_before(now - GRACE)
    found = []
    for desk in supervisor.known():
        automation = desk.automation.id
        if supervisor.is_on(automation):
            moments = [*_waiting(desk), *([due[automation]] if automation in due else [])]
            if moments and (since := min(moments)) + _jitter(desk) < now - GRACE:
                found.append(Overdue(automation=automation, since=since))
    return found


def _waiting(desk: Desk) -> list[datetime]:
    """The moments that became events, which wait for their turn."""
    told = [event.variables.get("scheduled_at") for event in desk.waiting_events]
    return [datetime.fromisoformat(moment) for moment in told if isinstance(moment, str)]


def _jitter(desk: Desk) -> timedelta:
    """By how much its moments may run later by chance."""
    triggers = desk.automation.triggers
    return max(
        (each.jitter for each in triggers if isinstance(each, ScheduleSettings)),
        default=timedelta(),
    )
