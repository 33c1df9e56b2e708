"""How automations are, for pages and programs."""

from dataclasses import dataclass
from datetime import datetime

from hub.automations.desk import Desk


@dataclass(frozen=True, kw_only=True, slots=True)
class TriggerStatus:
    """How a trigger is. `next_times` are in UTC, and known of schedules only."""

    id: str
    kind: str
    state: str
    reason: str
    next_times: tuple[datetime, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AutomationStatus:
    """How an automation is: `on`, `off`, or `unavailable` for one that cannot be read.

    `mistakes` are those of a later edit that cannot be used.
    """

    id: str
    alias: str
    state: str
    reason: str
    description: str = ""
    mistakes: str = ""
    waiting: int = 0
    triggers: tuple[TriggerStatus, ...] = ()


def status_of(desk: Desk, *, on: bool, reason: str, mistakes: str) -> AutomationStatus:
    """How the automation at a desk is."""
    return AutomationStatus(
        id=desk.automation.id,
        alias=desk.automation.name,
        state="on" if on else "off",
        reason=reason,
        description=desk.automation.description,
        mistakes=mistakes,
        waiting=desk.waiting,
        triggers=_triggers(desk) if desk.is_open else (),
    )


def unavailable(name: str, reason: str) -> AutomationStatus:
    """An automation that cannot be read."""
    return AutomationStatus(id=name, alias=name, state="unavailable", reason=reason)


def _triggers(desk: Desk) -> tuple[TriggerStatus, ...]:
    return tuple(
        TriggerStatus(
            id=watch.id,
            kind=watch.kind,
            state=watch.state,
            reason=watch.reason,
            next_times=watch.next_times,
        )
        for watch in desk.watches
    )
