"""What triggers that fire at known moments have in common: a kind adds when those are."""

from datetime import datetime
from itertools import islice
from typing import Any, ClassVar, Self

import msgspec

from hub.triggers.base import TriggerContext
from hub.triggers.schedule_settings import EPOCH, ScheduleSettings
from hub.triggers.schedule_times import Times, following
from hub.triggers.schedule_watch import Rules, ScheduleWatch


class Scheduled(ScheduleSettings, frozen=True, kw_only=True):
    """A kind says in `times` when it fires, and in `details` what else templates see."""

    kind: ClassVar[str]

    def times(self) -> Times:
        """Raises `ValueError` with a sentence."""
        raise NotImplementedError

    def __post_init__(self) -> None:
        self.check()
        if self.times().after(EPOCH) is None:
            raise ValueError(
                "This trigger has no moment at all: `start` lies behind the last moment, or `end`"
                " before the first."
            )

    def in_zone(self, name: str) -> Self:
        """The same trigger with the hub's time zone where it names none itself."""
        return self if self.timezone else msgspec.structs.replace(self, timezone=name)

    def next_times(self, after: datetime, count: int) -> list[datetime]:
        """The next `count` moments later than `after`, in UTC, without their jitter."""
        return list(islice(following(self.times(), after), count))

    async def watch(self, context: TriggerContext) -> None:
        await ScheduleWatch(self.times(), self._rules(), context).run()

    def sample(self) -> dict[str, Any]:
        (moment,) = self.next_times(EPOCH, 1)
        return self._rules().variables(moment, now=moment, missed_count=0)

    def details(self) -> dict[str, Any]:
        """What templates see of this kind besides."""
        return {}

    def _rules(self) -> Rules:
        return Rules(
            zone=self.zone(),
            jitter=self.jitter,
            missed=self.missed,
            max_age=self.max_age,
            most=self.max,
            details=self.details(),
        )
