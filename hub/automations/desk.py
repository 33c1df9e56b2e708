"""A desk: one automation at work. Its triggers watch; its events are judged in the order in which
they come, and worked on as its mode says.

Each part is apart from the others: a trigger that fails is shown with its message and tried again
after a pause that grows, and a firing that fails is recorded.

A desk can be closed, changed and opened again while its firings go on: they keep the definition
they began with. What waits for its turn is judged anew by whatever the automation says then.
"""

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog

from hub.automations.automation import Automation
from hub.automations.firing import FiringRunner
from hub.automations.judging import Judge, Judged
from hub.automations.mode import Course, Loudness, dropped_because
from hub.automations.pace import Pace
from hub.automations.parts import definition_for
from hub.automations.watch_keeping import keep_watching
from hub.automations.watching import MakeWatch
from hub.clock import Clock
from hub.records.event import Event
from hub.records.firing import Firing, FiringState, firing_id
from hub.unexpected import reason_of_failure

log = structlog.get_logger()
_Work = Callable[[], Awaitable[FiringState | None]]
"""Carries out a firing, to the state in which it ended; None if it was carried out before."""


@dataclass(slots=True)
class _Line:
    """The events with one mode key: the firings under way, by id, and the events that wait."""

    running: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    waiting: deque[Judged] = field(default_factory=deque)


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """What all desks have in common. `failed` is told of each automation of which a firing failed;
    `tasks` holds whatever a desk does."""

    make_watch: MakeWatch
    judge: Judge
    runner: FiringRunner
    clock: Clock
    tasks: asyncio.TaskGroup
    offer: Callable[[Event], None]
    failed: Callable[[Automation], None]


class Desk:
    """One automation at work.

    State: `_arrived` holds events by id that were not judged yet, `_pace` those that another may
    follow closely; `_lines` the others, by mode key, and exists for a key only while something is
    there. Firings that a restart interrupted go on at once, in the line without a key. `_watching`
    is there while the desk is open, `_receiving` while it takes up events.
    """

    def __init__(self, automation: Automation, office: Office) -> None:
        self._office = office
        self._arrived: OrderedDict[str, Event] = OrderedDict()
        self._news = asyncio.Event()
        self._lines: dict[str, _Line] = {}
        self._pace: Pace
        self._watching: asyncio.Task[None] | None = None
        self._receiving: asyncio.Task[None] | None = None
        self._set(automation)

    @property
    def is_open(self) -> bool:
        return self._watching is not None

    @property
    def waiting(self) -> int:
        """How many events wait for their turn."""
        in_line = sum(len(line.waiting) for line in self._lines.values())
        return len(self._arrived) + len(self._pace.held) + in_line

    @property
    def waiting_events(self) -> list[Event]:
        """The events that wait for their turn."""
        judged = [
            *self._pace.held,
            *(each for line in self._lines.values() for each in line.waiting),
        ]
        return [*self._arrived.values(), *(each.event for each in judged)]

    def offer(self, event: Event) -> None:
        """An event has come; that it comes twice does not count."""
        firing = firing_id(event)
        if not any(firing in line.running for line in self._lines.values()):
            self._arrived.setdefault(event.id, event)
            self._news.set()

    def go_on(self, firing: Firing, event: Event) -> None:
        """A firing was interrupted by a restart."""
        self._begin("", firing.id, partial(self._office.runner.go_on, firing, event))

    async def open(self) -> None:
        """Watch; returns when every trigger has begun to."""
        self._watching = self._task(self._watch_all(), "watches")
        for _ in range(2):  # the task takes its first step, and then those that it began
            await asyncio.sleep(0)

    def take_up(self) -> None:
        """Judge and work on events, from now on."""
        self._receiving = self._receiving or self._task(self._receive(), "receives")

    async def rest(self) -> None:
        """Take up no more events; those that come, and those in line, wait."""
        await _ended(self._receiving)
        self._receiving = None
        for judged in reversed(self._pace.held):
            self._put_back(judged.event)
        self._pace = self._new_pace()
        for line in self._lines.values():
            while line.waiting:
                self._put_back(line.waiting.pop().event)

    async def close(self) -> None:
        """Stop watching, and forget what waits: it is on disk. Firings under way go on."""
        await _ended(self._watching)
        self._watching = None
        await self.rest()
        self._arrived.clear()
        self._news.clear()

    @property
    def enabled_triggers(self) -> list[str]:
        """The names by which they are known on the disk."""
        both = zip(self.watches, self.automation.triggers, strict=True)
        return [watch.trigger for watch, trigger in both if trigger.enabled]

    def change(self, automation: Automation) -> None:
        """The automation was edited. Only while the desk is closed."""
        self._set(automation)

    def _set(self, automation: Automation) -> None:
        self.automation = automation
        self._pace = self._new_pace()
        self.watches = [
            self._office.make_watch(
                automation=automation.id,
                trigger=trigger,
                name=automation.trigger_name(index),
                index=index,
                offer=self._office.offer,
            )
            for index, trigger in enumerate(automation.triggers)
        ]

    def _new_pace(self) -> Pace:
        return Pace(self.automation, self._office.clock)

    def _task(self, work: Any, name: str) -> asyncio.Task[None]:
        return self._office.tasks.create_task(work, name=f"{self.automation.id} {name}")

    async def _watch_all(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            for watch, trigger in zip(self.watches, self.automation.triggers, strict=True):
                if trigger.enabled:
                    keeping = keep_watching(trigger, watch, self._office.clock)
                    tasks.create_task(keeping, name=f"watch {watch.trigger}")
                else:
                    watch.report("off", "Switched off in the automation.")
            await asyncio.Event().wait()

    async def _receive(self) -> None:
        while True:
            while self._arrived:
                _, event = self._arrived.popitem(last=False)
                try:
                    await self._alone(self._take(event))
                except asyncio.CancelledError:
                    self._put_back(event)
                    raise
            self._news.clear()
            for judged in self._pace.ripe():
                await self._alone(self._let_in(judged))
                self._pace.release(judged)
            await self._until_news()

    async def _until_news(self) -> None:
        """Until an event comes, or one has been held for long enough."""
        bell = self._task(self._ring(), "holds events") if self._pace.held else None
        try:
            await self._news.wait()
        finally:
            await _ended(bell)

    async def _ring(self) -> None:
        await self._office.clock.sleep(self._pace.seconds_left())
        self._news.set()

    def _put_back(self, event: Event) -> None:
        self._arrived[event.id] = event
        self._arrived.move_to_end(event.id, last=False)

    async def _take(self, event: Event) -> None:
        """Judge an event; the mode says what becomes of it then."""
        judged = await self._office.judge.judge(self.automation, event)
        if judged.reason is not None:
            refusal = self._office.runner.refuse(judged, self.automation.definition)
            await self._whole(self._see_through(refusal))
        elif self.automation.debounce:
            await self._hold(judged)
        else:
            await self._let_in(judged)

    async def _hold(self, judged: Judged) -> None:
        """Let it wait until it is certain that no other follows closely."""
        earlier = self._pace.before(judged)
        if earlier is not None and self._pace.is_flurry(earlier, judged):
            await self._drop(earlier, "Another event came before its `debounce` was over.")
        elif earlier is not None:
            await self._let_in(earlier)
        self._pace.hold(judged)

    async def _let_in(self, judged: Judged) -> None:
        if self._pace.is_too_soon(judged):
            await self._drop(judged, "It came too soon after another one, says its `throttle`.")
            return
        line = self._lines.get(judged.key) or _Line()
        match self.automation.course(running=len(line.running), waiting=len(line.waiting)):
            case Course.START:
                self._start(judged)
            case Course.WAIT:
                line.waiting.append(judged)
            case Course.START_INSTEAD:
                await self._stop(line)
                self._start(judged)
            case Course.WAIT_INSTEAD:
                line.waiting.append(judged)
                await self._drop_surplus(line.waiting.popleft())
            case Course.DROP:
                await self._drop_surplus(judged)

    def _start(self, judged: Judged) -> None:
        definition = definition_for(self.automation, judged.event)
        work = partial(self._office.runner.carry_out, judged, definition)
        self._begin(judged.key, firing_id(judged.event), work)

    def _begin(self, key: str, firing: str, work: _Work) -> None:
        line = self._lines.setdefault(key, _Line())
        line.running[firing] = self._task(self._work(key, firing, work), firing)

    async def _work(self, key: str, firing: str, work: _Work) -> None:
        await self._alone(self._see_through(work()))
        line = self._lines[key]
        del line.running[firing]
        if line.waiting:
            self._start(line.waiting.popleft())
        elif not line.running:
            del self._lines[key]

    async def _see_through(self, work: Awaitable[FiringState | None]) -> None:
        if await work is FiringState.FAILED:
            self._office.failed(self.automation)

    async def _stop(self, line: _Line) -> None:
        """End all firings under way for the sake of a later event."""
        reason = "A later event came, and the automation's mode is restart."
        tasks = list(line.running.values())
        for firing in line.running:
            self._office.runner.stop(firing, reason)
        await asyncio.wait(tasks)

    def stop(self, reason: str) -> None:
        """End all firings under way."""
        for line in self._lines.values():
            for firing in line.running:
                self._office.runner.stop(firing, reason)

    async def _drop_surplus(self, judged: Judged) -> None:
        """The mode has no room for it."""
        automation = self.automation
        reason = dropped_because(automation.mode, automation.limit)
        if automation.max_exceeded is not Loudness.SILENT:
            level = logging.getLevelNamesMapping()[automation.max_exceeded.upper()]
            log.log(level, "event dropped", automation=automation.id, reason=reason)
        await self._drop(judged, reason)

    async def _drop(self, judged: Judged, reason: str) -> None:
        await self._whole(self._office.runner.drop(judged, self.automation.definition, reason))

    async def _whole(self, work: Awaitable[None]) -> None:
        """See it through, also if the desk is closed meanwhile."""
        await asyncio.shield(self._task(self._alone(work), "records"))

    async def _alone(self, work: Awaitable[None]) -> None:
        """One firing's failure is no other's affair."""
        if reason := await reason_of_failure("The firing", work):
            log.error("firing failed", automation=self.automation.id, reason=reason)


async def _ended(task: asyncio.Task[None] | None) -> None:
    """Cancel a task of our own, and wait until it is over."""
    if task is not None:
        task.cancel()
        await asyncio.wait([task])
