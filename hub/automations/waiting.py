"""Waiting for triggers in the middle of a firing.

As long as a step waits, its triggers watch; what they observe is on the disk, marked as that
step's, before anybody hears of it. So after a restart the step finds what came just before the end,
and what its triggers make up for by themselves, such as files that landed meanwhile.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from hub.automations.trigger import AnyTrigger, placed
from hub.automations.watch_keeping import keep_watching
from hub.automations.watching import MakeWatch, Watch
from hub.clock import Clock
from hub.config.settings import LocationSettings
from hub.records.event import Event
from hub.records.wait import wait_name
from hub.storage.events import Events
from hub.storage.waits import Waits


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait:
    """One step that waits, for any of its triggers."""

    automation: str
    firing: str
    step: str
    triggers: Sequence[AnyTrigger]

    @property
    def names(self) -> list[str]:
        """Those under which the triggers watch."""
        return [wait_name(self.firing, self.step, n) for n in range(len(self.triggers))]


class Waiting:
    """Waits for steps. `_watched` are the triggers that watch for one at present, by name."""

    def __init__(
        self,
        *,
        make_watch: MakeWatch,
        events: Events,
        waits: Waits,
        zone: ZoneInfo,
        location: LocationSettings,
        clock: Clock,
    ) -> None:
        self._make_watch = make_watch
        self._events = events
        self._waits = waits
        self._zone = zone
        self._location = location
        self._clock = clock
        self._watched: dict[str, tuple[Watch, AnyTrigger]] = {}

    def watched(self) -> list[tuple[Watch, AnyTrigger]]:
        """The triggers that steps wait for, each with what it is given to work with."""
        return list(self._watched.values())

    async def observed(self, wait: Wait) -> Event | None:
        """What ended the wait, if that has happened."""
        return await self._events.first_of(wait.automation, wait.names)

    async def next(self, wait: Wait) -> Event:
        """Watch until one of the triggers fires."""
        news = asyncio.Event()
        keepers = [
            asyncio.create_task(self._keep(trigger, wait, index, news), name=f"{name} watches")
            for index, (name, trigger) in enumerate(zip(wait.names, wait.triggers, strict=True))
            if trigger.enabled
        ]
        try:
            while (event := await self.observed(wait)) is None:
                await news.wait()
                news.clear()
            return event
        finally:
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*keepers, return_exceptions=True)

    async def forget(self, wait: Wait) -> None:
        """It is over: what its triggers remembered is needed no more."""
        await self._waits.forget(wait.automation, wait.names)

    async def _keep(self, trigger: AnyTrigger, wait: Wait, index: int, news: asyncio.Event) -> None:
        name = wait.names[index]
        trigger = placed(trigger, self._zone, self._location)
        watch = self._make_watch(
            automation=wait.automation,
            trigger=trigger,
            name=name,
            index=index,
            offer=lambda event: news.set(),
        )
        self._watched[name] = (watch, trigger)
        try:
            await keep_watching(trigger, watch, self._clock)
        finally:
            del self._watched[name]
