"""The time_pattern trigger: whenever the clock's hand stands so, as in Home Assistant."""

from typing import Annotated, ClassVar

from msgspec import Meta

from hub.triggers.cron import Cron
from hub.triggers.schedule_times import Times
from hub.triggers.scheduled import Scheduled


class TimePatternTrigger(
    Scheduled,
    frozen=True,
    kw_only=True,
    tag_field="trigger",
    tag="time_pattern",
    forbid_unknown_fields=True,
):
    """Fires when hours, minutes and seconds match. What is left out is 0 below something that is
    given, and matches always above it."""

    kind: ClassVar[str] = "time_pattern"

    hours: Annotated[
        str | int | None, Meta(description="0 to 23, `/n` for those that n divides, or `*`.")
    ] = None
    minutes: Annotated[
        str | int | None, Meta(description="0 to 59, `/n` for those that n divides, or `*`.")
    ] = None
    seconds: Annotated[
        str | int | None, Meta(description="0 to 59, `/n` for those that n divides, or `*`.")
    ] = None

    def times(self) -> Times:
        hours, minutes, seconds = self.hours, self.minutes, self.seconds
        if hours is None and minutes is None and seconds is None:
            raise ValueError("A time_pattern needs `hours`, `minutes` or `seconds`.")
        if minutes is None and hours is not None:
            minutes = 0
        if seconds is None and minutes is not None:
            seconds = 0
        fields = [
            _field("seconds", seconds, 59),
            _field("minutes", minutes, 59),
            _field("hours", hours, 23),
        ]
        return Cron(f"{' '.join(fields)} * * *", self.zone())


def _field(name: str, pattern: str | int | None, highest: int) -> str:
    """As a field of a cron expression. Raises `ValueError`."""
    text = "*" if pattern is None else str(pattern).strip()
    if text == "*":
        return text
    number = text.removeprefix("/")
    is_step = number != text
    if not number.isdecimal() or not is_step <= int(number) <= highest:
        raise ValueError(
            f"`{name}` must be 0 to {highest}, `/` with 1 to {highest} behind it, or `*`,"
            f" not {text!r}."
        )
    return f"*{text}" if is_step else text
