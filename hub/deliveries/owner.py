"""The owner is told when something went wrong, as `on_failure` of `notify:` in hub.yaml wants it.

What goes wrong within a few seconds is one message, and the next one comes ten minutes later at the
earliest: a share that fails a thousand times is told in a few messages that count, not in a
thousand. What could not be sent is part of the next.
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from shlex import quote

import structlog

from hub.clock import Clock
from hub.deliveries.notifier import Notifier
from hub.errors import HubError
from hub.notices import (
    AutomationSwitched,
    FileSighted,
    FiringChanged,
    MomentsMissed,
    Notice,
    Notices,
    Subscription,
)
from hub.records.firing import FiringState
from hub.records.sighting import SightingState
from hub.storage.firings import Firings

log = structlog.get_logger()
GATHERING = 10.0  # seconds
PAUSE = 600.0
LONGEST = 10  # so many troubles are told in words, the others counted


class Owner:
    """Who wants to know. `names` are those of the notifier's targets; with none, nobody does.

    State: `_troubles` are the latest that were not told yet, as sentences, and `_count` of how
    many they are.
    """

    def __init__(
        self,
        names: Sequence[str],
        *,
        notifier: Notifier,
        firings: Firings,
        notices: Notices,
        clock: Clock,
    ) -> None:
        self._names = names
        self._notifier = notifier
        self._firings = firings
        self._notices = notices
        self._clock = clock
        self._troubles: deque[str] = deque(maxlen=LONGEST)
        self._count = 0
        self._news = asyncio.Event()

    async def serve(self) -> None:
        """Listen and tell, until cancelled."""
        if not self._names:
            return
        with self._notices.subscribe() as subscription:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._listen(subscription), name="owner listens")
                tasks.create_task(self._tell_all(), name="owner is told")

    async def _listen(self, subscription: Subscription) -> None:
        async for notice in subscription:
            if trouble := await self._trouble(notice):
                self._note([trouble], 1)

    async def _trouble(self, notice: Notice) -> str:
        """What is wrong, and the command that tells more; an empty text if nothing is."""
        match notice:
            case FiringChanged(firing=firing, automation=name, state=FiringState.FAILED):
                what, command = await self._reason_of(firing), f"automations trace {firing}"
            case FileSighted(automation=name, state=SightingState.QUARANTINED):
                what = f"{notice.path} is in quarantine. {notice.reason}"
                command = f"why {quote(notice.path)}"
            case AutomationSwitched(automation=name, on=False, by_hub=True):
                what, command = notice.reason, f"why {name}"
            case MomentsMissed(automation=name, count=count):
                many = "A scheduled moment was" if count == 1 else f"{count} moments were"
                last = f"{notice.latest:%Y-%m-%d %H:%M} UTC"
                what = f"{many} missed and not made up for, the last at {last}."
                command = f"why {name}"
            case _:
                return ""
        return f"{name}: {what} (see `hub {command}`)"

    async def _reason_of(self, firing: str) -> str:
        try:
            return (await self._firings.get(firing)).reason or "A firing failed."
        except HubError as error:
            return f"A firing failed. {error}"

    async def _tell_all(self) -> None:
        while True:
            await self._news.wait()
            await self._clock.sleep(GATHERING)
            await self._tell()
            await self._clock.sleep(PAUSE)

    async def _tell(self) -> None:
        count, troubles = self._count, list(self._troubles)
        self._forget()
        title = "Something went wrong" if count == 1 else f"{count} things went wrong"
        more = [f"The latest {len(troubles)} of {count}:"] if count > len(troubles) else []
        message = "\n".join([*more, *troubles])
        try:
            await self._notifier.send(
                self._names, title=f"Hub: {title}", message=message, is_failure=True
            )
        except HubError as error:
            log.warning("the owner could not be told", reason=str(error))
            later, since = list(self._troubles), self._count
            self._forget()
            self._note([*troubles, *later], count + since)

    def _note(self, troubles: Iterable[str], count: int) -> None:
        self._troubles.extend(troubles)
        self._count += count
        self._news.set()

    def _forget(self) -> None:
        self._troubles.clear()
        self._count = 0
        self._news.clear()
