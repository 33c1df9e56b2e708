"""The sun trigger: sunrise or sunset at the hub's place, as in Home Assistant."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal, Self
from zoneinfo import ZoneInfo

import msgspec
from astral import Observer
from astral.sun import sunrise, sunset
from msgspec import Meta

from hub.config.quantities import duration
from hub.triggers.schedule_times import Times
from hub.triggers.scheduled import Scheduled

_DAY = timedelta(days=1)
_LOOK_AHEAD = 370  # days; beyond a polar night there is a sunrise again
_GREENWICH = (51.477, 0.0)


@dataclass(frozen=True, slots=True)
class SunTimes:
    """Each sunrise, or sunset, moved by `offset`; days without one are left out."""

    event: Literal["sunrise", "sunset"]
    offset: timedelta
    observer: Observer
    zone: ZoneInfo

    def after(self, moment: datetime) -> datetime | None:
        day = (moment - self.offset).astimezone(self.zone).date() - _DAY
        for _ in range(_LOOK_AHEAD):
            found = self._on(day)
            if found is not None and found > moment:
                return found
            day += _DAY
        return None

    def _on(self, day: date) -> datetime | None:
        rise_or_set = sunrise if self.event == "sunrise" else sunset
        try:
            found = rise_or_set(self.observer, date=day, tzinfo=self.zone)
        except ValueError:  # it stays above, or below, the horizon
            return None
        return found.astimezone(UTC).replace(microsecond=0) + self.offset


class SunTrigger(
    Scheduled,
    frozen=True,
    kw_only=True,
    tag_field="trigger",
    tag="sun",
    forbid_unknown_fields=True,
):
    """Fires when the sun rises or sets."""

    kind: ClassVar[str] = "sun"

    event: Annotated[Literal["sunrise", "sunset"], Meta(description="`sunrise` or `sunset`.")]
    offset: Annotated[
        str, Meta(description="How much later, such as 00:45:00; earlier with a minus in front.")
    ] = "0"
    latitude: Annotated[
        Annotated[float, Meta(ge=-90, le=90)] | None,
        Meta(description="Degrees north; that of `location:` in hub.yaml when left out."),
    ] = None
    longitude: Annotated[
        Annotated[float, Meta(ge=-180, le=180)] | None,
        Meta(description="Degrees east; that of `location:` in hub.yaml when left out."),
    ] = None

    def at_place(self, latitude: float | None, longitude: float | None) -> Self:
        """The same trigger at the hub's place where it names none itself."""
        if self.has_place or latitude is None or longitude is None:
            return self
        return msgspec.structs.replace(self, latitude=latitude, longitude=longitude)

    @property
    def has_place(self) -> bool:
        return self.latitude is not None and self.longitude is not None

    def times(self) -> Times:
        latitude, longitude = self.latitude, self.longitude
        if latitude is None or longitude is None:  # it is only being checked: no place is known yet
            latitude, longitude = _GREENWICH
        return SunTimes(
            self.event, _signed(self.offset), Observer(latitude, longitude), self.zone()
        )

    def details(self) -> dict[str, Any]:
        return {"event": self.event, "offset": self.offset}


def _signed(text: str) -> timedelta:
    """Raises `ValueError` with a sentence."""
    try:
        length = duration(text.strip().lstrip("+-"))
    except ValueError:
        raise ValueError(f"`offset` must be a duration such as -00:45:00, not {text!r}.") from None
    if length > _DAY:
        raise ValueError("`offset` must be at most a day.")
    return -length if text.strip().startswith("-") else length
