"""The pace of events: what becomes of those that follow each other too closely.

With `debounce` an event is held until no other with its key came for so long; of a flurry the last
one goes on. With `throttle` one goes on, and those that come within the time after it do not. Both
go by the moments at which events were observed, so a backlog fares as if nobody had been away.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.automations.automation import Automation
from hub.automations.judging import Judged
from hub.clock import Clock

_MANY_KEYS = 1000  # above that, those that no longer matter are forgotten


@dataclass(frozen=True, slots=True)
class _Held:
    judged: Judged
    until: float  # on the monotonic clock: one that is put back holds up nothing


class Pace:
    """The pace of one automation. `_held` are the events that may still be followed by another, and
    `_last` the moments of those that went on, both by the key of the mode."""

    def __init__(self, automation: Automation, clock: Clock) -> None:
        self._debounce = automation.debounce
        self._throttle = automation.throttle
        self._clock = clock
        self._held: dict[str, _Held] = {}
        self._last: dict[str, datetime] = {}

    @property
    def held(self) -> list[Judged]:
        return [held.judged for held in self._held.values()]

    def before(self, judged: Judged) -> Judged | None:
        """The event with the same key that is being held."""
        held = self._held.get(judged.key)
        return held.judged if held else None

    def is_flurry(self, earlier: Judged, later: Judged) -> bool:
        return later.event.observed_at - earlier.event.observed_at < self._debounce

    def hold(self, judged: Judged) -> None:
        """In the place of any that was held before. It may have waited elsewhere already."""
        waited = max(timedelta(), self._clock.now() - judged.event.observed_at)
        rest = (self._debounce - waited).total_seconds()
        self._held[judged.key] = _Held(judged, self._clock.monotonic() + max(0.0, rest))

    def release(self, judged: Judged) -> None:
        del self._held[judged.key]

    def ripe(self) -> list[Judged]:
        """Those that no other can follow closely any more."""
        now = self._clock.monotonic()
        return [held.judged for held in self._held.values() if held.until <= now]

    def seconds_left(self) -> float:
        """Until the next of those that are held is ripe."""
        earliest = min(held.until for held in self._held.values())
        return max(0.0, earliest - self._clock.monotonic())

    def is_too_soon(self, judged: Judged) -> bool:
        """Whether it follows the last one that went on too closely; if not, it is the last."""
        if not self._throttle:
            return False
        moment, last = judged.event.observed_at, self._last.get(judged.key)
        if last is not None and moment - last < self._throttle:
            return True
        if len(self._last) > _MANY_KEYS:
            recent = moment - self._throttle
            self._last = {key: at for key, at in self._last.items() if at > recent}
        self._last[judged.key] = moment
        return False
