"""A firing: one event offered to one automation, and step by step what came of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class FiringState(StrEnum):
    """How far a firing is. All but WAITING and RUNNING are ends."""

    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STOPPED = "stopped"
    DROPPED = "dropped"


class StepState(StrEnum):
    """How far a step is."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What one condition said, and with which values."""

    condition: str
    passed: bool
    details: str = ""


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
