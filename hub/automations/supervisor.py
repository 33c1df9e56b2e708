"""The supervisor: keeps every trigger watching and every firing going, each apart from the others.

A trigger that fails is shown with its message and tried again after a pause that grows; a firing
that fails is recorded. Neither touches a neighbour.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from hub.automations.automation import Automation, Mode
from hub.automations.firing import FiringRunner
from hub.automations.watching import Watch
from hub.clock import Clock
from hub.errors import HubError
from hub.records.event import Event
from hub.records.firing import Firing
from hub.storage.events import Events
from hub.storage.firings import Firings
from hub.triggers.base import Trigger

log = structlog.get_logger()
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 300.0
MakeWatch = Callable[[Automation, int, Callable[[Event], None]], Watch]


class Desk:
    """One automation at work: its triggers, the events that wait, the firings under way.

    State: `_waiting` holds events and unfinished firings in the order they came; `_busy` counts
    the clerks that are working on one.
    """

    def __init__(
        self, automation: Automation, make_watch: MakeWatch, runner: FiringRunner, clock: Clock
    ) -> None:
        self.automation = automation
        self.watches = [
            make_watch(automation, index, self.offer) for index in range(len(automation.triggers))
        ]
        self._runner = runner
        self._clock = clock
        self._waiting: asyncio.Queue[tuple[Event, Firing | None]] = asyncio.Queue()
        self._busy = 0
        self.watching = asyncio.Event()

    def offer(self, event: Event) -> None:
        """An event has come."""
        self._waiting.put_nowait((event, None))

    def go_on(self, firing: Firing, event: Event) -> None:
        """A firing was interrupted by a restart."""
        self._waiting.put_nowait((event, firing))

    async def serve(self) -> None:
        """Watch and work until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for watch, trigger in zip(self.watches, self.automation.triggers, strict=True):
                if trigger.enabled:
                    tasks.create_task(self._watch(trigger, watch), name=f"watch {watch.trigger}")
                else:
                    watch.report("off", "Switched off in the automation.")
            for number in range(self._clerks):
                tasks.create_task(self._work(), name=f"{self.automation.id} {number}")
            await asyncio.sleep(0)  # each of them takes its first step
            self.watching.set()

    @property
    def waiting(self) -> int:
        """How many events wait for their turn."""
        return self._waiting.qsize()

    @property
    def _clerks(self) -> int:
        """One clerk more than works, in mode `single`: to record what is dropped."""
        match self.automation.mode:
            case Mode.PARALLEL:
                return self.automation.max
            case Mode.SINGLE:
                return 2
            case Mode.QUEUED:
                return 1

    async def _watch(self, trigger: Trigger, watch: Watch) -> None:
        pause = FIRST_PAUSE
        while True:
            began = self._clock.monotonic()
            watch.report("watching", "")
            reason = await _reason_of_failure(trigger.watch(watch))
            if self._clock.monotonic() - began > LONGEST_PAUSE:
                pause = FIRST_PAUSE
            watch.report("failed", f"{reason} Tried again in {pause:.0f} s.")
            await self._clock.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _work(self) -> None:
        while True:
            event, firing = await self._waiting.get()
            reason = await _reason_of_failure(self._handle(event, firing))
            if reason:
                log.error("firing failed", automation=self.automation.id, reason=reason)

    async def _handle(self, event: Event, firing: Firing | None) -> None:
        definition = self.automation.definition
        if firing is None and self.automation.mode is Mode.SINGLE and self._busy:
            reason = "The automation was busy with an earlier event, and its mode is single."
            await self._runner.drop(event, definition, reason)
            return
        self._busy += 1
        try:
            if firing is None:
                await self._runner.carry_out(event, definition)
            else:
                await self._runner.go_on(firing, event)
        finally:
            self._busy -= 1


async def _reason_of_failure(work: Awaitable[Any]) -> str:
    """Await `work`; the sentence of what it raised, or an empty text."""
    try:
        await work
    except HubError as error:
        return str(error)
    except Exception as error:  # the supervisor's home for them: one failing part stays one
        log.exception("unexpected failure")
        return f"Unexpected {type(error).__name__}: {error}."
    return ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TriggerStatus:
    """How a trigger is. `next_times` are in UTC, and known of schedules only."""

    id: str
    kind: str
    state: str
    reason: str
    next_times: tuple[datetime, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AutomationStatus:
    """How an automation is."""

    id: str
    alias: str
    state: str
    reason: str
    waiting: int = 0
    triggers: tuple[TriggerStatus, ...] = ()


class Supervisor:
    """All automations at work."""

    def __init__(
        self,
        *,
        automations: list[Automation],
        broken: dict[str, str],
        make_watch: MakeWatch,
        runner: FiringRunner,
        firings: Firings,
        events: Events,
        clock: Clock,
    ) -> None:
        self._broken = broken
        self._runner = runner
        self._firings = firings
        self._events = events
        self._off = [automation for automation in automations if not automation.initial_state]
        self._desks = {
            automation.id: Desk(automation, make_watch, runner, clock)
            for automation in automations
            if automation.initial_state
        }

    async def serve(self) -> None:
        """Take up what an earlier hub left, then watch and work until cancelled."""
        await self._resume()
        async with asyncio.TaskGroup() as tasks:
            for desk in self._desks.values():
                tasks.create_task(desk.serve(), name=f"automation {desk.automation.id}")

    async def wait_until_watching(self) -> None:
        """Until every trigger has begun to watch: webhooks can be reached then."""
        for desk in self._desks.values():
            await desk.watching.wait()

    def statuses(self) -> list[AutomationStatus]:
        """How each automation is, broken ones included."""
        return [*self._working(), *self._switched_off(), *self._unavailable()]

    def desks(self) -> list[Desk]:
        """The automations that are at work."""
        return list(self._desks.values())

    async def _resume(self) -> None:
        for firing in await self._firings.open():
            event = await self._events.get(firing.event)
            desk = self._desks.get(firing.automation)
            if desk is not None:
                desk.go_on(firing, event)
            else:
                await self._runner.give_up(firing, "The automation is no longer there, or is off.")
        for event in await self._events.without_firing():
            if event.automation in self._desks:
                self._desks[event.automation].offer(event)

    def _working(self) -> Iterator[AutomationStatus]:
        for desk in self._desks.values():
            yield AutomationStatus(
                id=desk.automation.id,
                alias=desk.automation.name,
                state="on",
                reason="",
                waiting=desk.waiting,
                triggers=tuple(
                    TriggerStatus(
                        id=watch.trigger,
                        kind=watch.kind,
                        state=watch.state,
                        reason=watch.reason,
                        next_times=watch.next_times,
                    )
                    for watch in desk.watches
                ),
            )

    def _switched_off(self) -> Iterator[AutomationStatus]:
        for automation in self._off:
            yield AutomationStatus(
                id=automation.id, alias=automation.name, state="off", reason="Switched off."
            )

    def _unavailable(self) -> Iterator[AutomationStatus]:
        for name, reason in self._broken.items():
            yield AutomationStatus(id=name, alias=name, state="unavailable", reason=reason)
