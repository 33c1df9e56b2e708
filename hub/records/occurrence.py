"""An occurrence: one moment at which a schedule is due, made as a row ahead of time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OccurrenceState(StrEnum):
    """What became of a scheduled moment."""

    DUE = "due"
    FIRED = "fired"
    COALESCED = "coalesced"
    TOO_OLD = "too_old"
    TOO_MANY = "too_many"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


MISSED = (OccurrenceState.TOO_OLD, OccurrenceState.TOO_MANY)


@dataclass(frozen=True, kw_only=True, slots=True)
class Occurrence:
    """One moment of one schedule trigger. `scheduled_at` is aware UTC."""

    automation: str
    trigger: str
    scheduled_at: datetime
    state: OccurrenceState
    event: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MissedMoments:
    """So many moments of an automation's schedules were missed and not made up for."""

    automation: str
    count: int
    latest: datetime
