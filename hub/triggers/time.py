"""The time trigger: times of day, as in Home Assistant."""

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from hub.config.fields import OneOrMany
from hub.records.weekday import Weekday
from hub.triggers.schedule_clock import times_at
from hub.triggers.schedule_times import Times
from hub.triggers.scheduled import Scheduled


class TimeTrigger(
    Scheduled,
    frozen=True,
    kw_only=True,
    tag_field="trigger",
    tag="time",
    forbid_unknown_fields=True,
):
    """Fires at these times of day."""

    kind: ClassVar[str] = "time"

    at: Annotated[
        OneOrMany[str],
        Meta(
            description="Times of day such as 07:30:00, or dates with a time such as"
            " 2026-12-24 18:00, each once.",
            min_length=1,
        ),
    ]
    weekday: Annotated[
        OneOrMany[Weekday],
        Meta(description="Only on these days: mon, tue, wed, thu, fri, sat, sun."),
    ] = msgspec.field(default_factory=list)

    def times(self) -> Times:
        return times_at(self.at, self.zone(), self.weekday)
