"""A firing: one event offered to one automation, and step by step what came of it."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from hub.records.event import Event


class FiringState(StrEnum):
    """How far a firing is. All but WAITING and RUNNING are ends."""

    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STOPPED = "stopped"
    DROPPED = "dropped"

    @property
    def ended(self) -> bool:
        return self not in (FiringState.WAITING, FiringState.RUNNING)


class StepState(StrEnum):
    """How far a step is."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What one condition said, and with which values; `is_mistake` that it could not be judged."""

    condition: str
    passed: bool
    details: str = ""
    is_mistake: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One carrying-out of an action. `key` is its path in the automation, such as `actions/0`."""

    firing: str
    key: str
    action: str
    state: StepState
    started_at: datetime
    ended_at: datetime | None = None
    result: Any = None
    error: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Firing:
    """One event offered to one automation.

    `reason` says in words why it did not run, or failed. `definition` is the automation as it was
    when the firing began; a later edit does not change it.
    """

    id: str
    event: str
    automation: str
    state: FiringState
    created_at: datetime
    ended_at: datetime | None = None
    reason: str | None = None
    verdicts: tuple[Verdict, ...] = ()
    definition: dict[str, Any] = field(default_factory=dict)


def firing_id(event: Event) -> str:
    """The id of an event's firing: always the same, so that what went out under it is known again
    if the firing has to be begun anew."""
    return _firing_id(event.id, event.automation)


@lru_cache(maxsize=1000)  # it is asked for again and again while a firing is under way
def _firing_id(event: str, automation: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{event}/{automation}"))
