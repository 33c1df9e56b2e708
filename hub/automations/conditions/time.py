"""`time`: a span of the day, and days of the week, in the hub's time zone."""

from datetime import time
from typing import Annotated, ClassVar

from msgspec import Meta, field

from hub.automations.conditions.base import Condition, Ruling, Situation
from hub.config.fields import OneOrMany
from hub.records.weekday import Weekday


class TimeCondition(Condition, frozen=True, kw_only=True, tag_field="condition", tag="time"):
    """From `after` on and until `before`, which may lie behind midnight, on these weekdays."""

    kind: ClassVar[str] = "time"

    after: Annotated[time | None, Meta(description="From this time of day on.")] = None
    before: Annotated[
        time | None,
        Meta(description="Until just before this time; if it is earlier than `after`, tomorrow's."),
    ] = None
    weekday: Annotated[
        OneOrMany[Weekday],
        Meta(description="Only on these days: mon, tue, wed, thu, fri, sat, sun."),
    ] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.after is None and self.before is None and not self.weekday:
            raise ValueError("A time condition needs `after`, `before` or `weekday`.")

    async def judge(self, situation: Situation) -> Ruling:
        now = situation.clock.now().astimezone(situation.zone)
        day = list(Weekday)[now.weekday()]
        holds = self._within(now.time()) and (not self.weekday or day in self.weekday)
        return Ruling(holds=holds, details=f"it is {day} {now:%H:%M:%S}, {self._wanted()} wanted")

    def _within(self, now: time) -> bool:
        after, before = self.after or time.min, self.before
        if before is None:
            return now >= after
        if self.after is not None and before <= after:
            return now >= after or now < before
        return after <= now < before

    def _wanted(self) -> str:
        parts = [
            f"{name} {value}" for name in ("after", "before") if (value := getattr(self, name))
        ]
        return " and ".join([*parts, *(["/".join(self.weekday)] if self.weekday else [])])
