"""What can be set of every trigger that fires at moments known beforehand."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta

from hub.triggers.settings import TriggerSettings

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Missed(StrEnum):
    """What becomes of moments that passed while the hub did not run or the computer slept."""

    RUN_ONCE = "run_once"
    RUN_ALL = "run_all"
    SKIP = "skip"


class ScheduleSettings(TriggerSettings, frozen=True, kw_only=True):
    """In which zone, how punctually, and what becomes of moments that were missed."""

    timezone: Annotated[
        str | None,
        Meta(description="Time zone, such as Europe/Berlin; the hub's when left out."),
    ] = None
    jitter: Annotated[
        timedelta,
        Meta(description="By chance each moment runs up to this much later."),
    ] = timedelta()
    missed: Annotated[
        Missed,
        Meta(
            description="What becomes of missed moments: `run_once` (the newest stands for all),"
            " `run_all`, or `skip`."
        ),
    ] = Missed.RUN_ONCE
    max: Annotated[
        Annotated[int, Meta(ge=1, le=500)] | None,
        Meta(description="With `run_all`: how many missed moments run at most, the newest."),
    ] = None
    max_age: Annotated[
        timedelta, Meta(description="A moment missed by more than this is not made up for.")
    ] = timedelta(hours=12)

    def check(self) -> None:
        """Raises `ValueError` with a sentence for what does not go together."""
        if self.max_age <= timedelta():
            raise ValueError("`max_age` must be more than nothing; to skip, write `missed: skip`.")
        if not timedelta() <= self.jitter <= timedelta(days=1):
            raise ValueError("`jitter` must not be negative, and at most a day.")
        if self.max is not None and self.missed is not Missed.RUN_ALL:
            raise ValueError("`max` goes with `missed: run_all`.")

    def zone(self) -> ZoneInfo:
        """Raises `ValueError` for a name that nobody knows."""
        try:
            return ZoneInfo(self.timezone or "UTC")
        except (KeyError, ValueError, OSError) as error:  # no such name, no name, a folder's name
            raise ValueError(f"There is no time zone {self.timezone!r}.") from error
