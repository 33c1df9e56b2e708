"""The supervisor: keeps every automation at work that is on, each apart from the others, while
automations come, change, go, and are switched on and off."""

import asyncio
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from hub.automations.automation import Automation
from hub.automations.desk import Desk, Office
from hub.automations.firing import FiringRunner
from hub.automations.judging import Judge
from hub.automations.statuses import AutomationStatus, status_of, unavailable
from hub.automations.switches import Switches
from hub.automations.watching import MakeWatch
from hub.clock import Clock
from hub.config.problems import closest
from hub.errors import Conflict, HubError, NoSuch
from hub.notices import AutomationsPaused, AutomationSwitched, Notices
from hub.records.event import MANUAL, Event
from hub.records.firing import Firing
from hub.storage.automation_states import ALL
from hub.storage.events import Events
from hub.storage.firings import Firings
from hub.storage.occurrences import Occurrences
from hub.unexpected import reason_of_failure

log = structlog.get_logger()


class NotAtWork(Conflict):
    """An automation is to do something, and is off."""

    def __init__(self, automation: str, reason: str) -> None:
        super().__init__(f"The automation {automation!r} is off ({reason}) Turn it on first.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What became of automations, by id, when they were read again."""

    started: tuple[str, ...]
    changed: tuple[str, ...]
    ended: tuple[str, ...]


class Supervisor:
    """All automations. Those that are on are at work only if `at_work`.

    State: `_desks` has one for each automation that can be read, and `_taking` are the ids of
    those that take events, or are about to. One thing changes at a time (`_changing`).
    """

    def __init__(
        self,
        *,
        automations: list[Automation],
        broken: dict[str, str],
        at_work: bool,
        switches: Switches,
        make_watch: MakeWatch,
        judge: Judge,
        runner: FiringRunner,
        firings: Firings,
        events: Events,
        occurrences: Occurrences,
        notices: Notices,
        clock: Clock,
    ) -> None:
        self._automations = automations
        self._broken = broken
        self._at_work = at_work
        self.switches = switches
        self._make_watch = make_watch
        self._judge = judge
        self._runner = runner
        self._firings = firings
        self._events = events
        self._occurrences = occurrences
        self._notices = notices
        self._clock = clock
        self._office: Office
        self._desks: dict[str, Desk] = {}
        self._taking: set[str] = set()
        self._changing = asyncio.Lock()
        self._ready = asyncio.Event()

    async def serve(self) -> None:
        """Take up what an earlier hub left, then watch and work until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            self._office = Office(
                make_watch=self._make_watch,
                judge=self._judge,
                runner=self._runner,
                clock=self._clock,
                tasks=tasks,
                offer=self._offer,
                failed=self._failed,
            )
            async with self._changing:
                await self.switches.load()
                await self._add(self._automations)
                await self._clear_schedules()
                await self._go_on()
                await self._open(self._desks.values())
            self._ready.set()
            await asyncio.Event().wait()

    async def wait_until_watching(self) -> None:
        """Until every trigger has begun to watch: webhooks can be reached then."""
        await self._ready.wait()

    def statuses(self) -> list[AutomationStatus]:
        """How each automation is, broken ones included."""
        known = [
            status_of(
                desk,
                on=self.switches.is_on(name),
                reason=self.switches.reason(name),
                mistakes=self._broken.get(name, ""),
            )
            for name, desk in self._desks.items()
        ]
        broken = self._broken.items()
        return known + [unavailable(*item) for item in broken if item[0] not in self._desks]

    def desks(self) -> list[Desk]:
        """The automations that are at work."""
        return [desk for desk in self._desks.values() if desk.is_open]

    def held_up_by(self, automation: str) -> str:
        """Why events of an automation wait, apart from others that are ahead of them, as sentences;
        empty if nothing is the matter."""
        if automation in self._desks:
            off = "" if self.switches.is_on(automation) else "The automation is off. "
            return off + self.switches.reason(automation)
        if automation in self._broken:
            return f"The automation cannot be used: {self._broken[automation]}"
        return f"There is no automation {automation!r} any more."

    def broken(self) -> list[str]:
        """Those that cannot be read at all."""
        return [automation for automation in self._broken if automation not in self._desks]

    def known(self) -> list[Desk]:
        """All automations that can be read, whether on or off."""
        return list(self._desks.values())

    def automation(self, automation: str) -> Automation:
        """One that is at work. Raises `NotFound`, `NotAtWork`."""
        desk = self._desk(automation)
        if not desk.is_open:
            raise NotAtWork(automation, self.switches.reason(automation) or "No hub is running.")
        return desk.automation

    def written(self, automation: str) -> Automation:
        """One that can be read, whether on or off. Raises `NotFound`."""
        return self._desk(automation).automation

    def is_on(self, automation: str) -> bool:
        """Raises `NotFound`."""
        return self.switches.is_on(self._desk(automation).automation.id)

    async def set_state(
        self, automation: str, on: bool, *, reason: str = "", stop: bool = False
    ) -> None:
        """Switch an automation on or off; firings under way go on, unless they are to `stop`.
        Raises `NotFound`."""
        desk, why = self._desk(automation), reason or ("" if on else "It was switched off.")
        async with self._changing:
            await self._switch(desk, on, why)
        if stop:
            desk.stop(why)

    async def set_paused(self, paused: bool) -> None:
        """Let nothing begin any more, for all automations, or let it again.

        Events still come to the disk meanwhile, and wait there. Firings under way go on.
        """
        async with self._changing:
            await self.switches.set(ALL, not paused, "")
            for desk in self.desks():
                await desk.rest()
                if not paused:
                    desk.take_up()
        self._notices.publish(AutomationsPaused(paused=paused))

    async def trigger(
        self, automation: str, variables: Mapping[str, Any], *, key: str | None = None
    ) -> Event:
        """Fire an automation by hand: `variables` are what its templates see as `trigger`.

        With the same `key` again it is the same event, also if the automation is off by now.

        Raises `NotFound`, `NotAtWork`.
        """
        if key is not None and (known := await self._events.with_key(automation, MANUAL, key)):
            self._offer(known)
            return known
        async with self._changing:  # at a start, or after an edit, it may be about to be at work
            name = self.automation(automation).id
        event = Event(
            id=str(uuid.uuid4()),
            automation=name,
            trigger=MANUAL,
            platform=MANUAL,
            key=key or str(uuid.uuid4()),
            observed_at=self._clock.now(),
            variables={
                "id": MANUAL,
                "idx": "",
                "alias": "",
                "description": MANUAL,
                **variables,
            },
        )
        event, _ = await self._events.accept(event)
        self._offer(event)
        return event

    async def apply(self, automations: list[Automation], broken: dict[str, str]) -> Changes:
        """Go on with these automations instead. Unchanged ones notice nothing of it, and one whose
        edit is broken goes on as it was."""
        async with self._changing:
            wanted = {automation.id: automation for automation in automations}
            new = [item for item in automations if item.id not in self._desks]
            gone = [desk for name, desk in self._desks.items() if name not in {*wanted, *broken}]
            changed = [
                desk
                for name, desk in self._desks.items()
                if name in wanted and desk.automation != wanted[name]
            ]
            for desk in (*gone, *changed):  # first, so that addresses of webhooks become free
                await self._close(desk)
            for desk in gone:
                del self._desks[desk.automation.id]
            for desk in changed:
                await self._edit(desk, wanted[desk.automation.id])
            await self._add(new)
            self._broken = broken
            await self._clear_schedules()
            await self._open([*changed, *(self._desks[item.id] for item in new)])
        return Changes(
            started=tuple(item.id for item in new),
            changed=tuple(desk.automation.id for desk in changed),
            ended=tuple(desk.automation.id for desk in gone),
        )

    def _desk(self, automation: str) -> Desk:
        desk = self._desks.get(automation)
        if desk is None:
            near = closest(automation, self._desks)
            hint = f"Did you mean {near!r}?" if near else ""
            raise NoSuch("automation", automation, hint or self._broken.get(automation, ""))
        return desk

    async def _add(self, automations: Iterable[Automation]) -> None:
        for automation in automations:
            await self.switches.begin(automation)
            self._desks[automation.id] = Desk(automation, self._office)

    async def _edit(self, desk: Desk, automation: Automation) -> None:
        if desk.automation.initial_state != automation.initial_state:
            await self.switches.begin(automation)
        desk.change(automation)

    async def _open(self, desks: Iterable[Desk]) -> None:
        """Have those that are on take up what is left on the disk, and watch."""
        on = [desk for desk in desks if self.switches.is_on(desk.automation.id)]
        if not on or not self._at_work:
            return
        self._taking.update(desk.automation.id for desk in on)
        opened = {desk.automation.id: desk for desk in on}
        for event in await self._events.without_firing():
            if event.automation in opened:
                opened[event.automation].offer(event)
        for desk in on:
            await desk.open()
            if not self.switches.paused:
                desk.take_up()

    async def _clear_schedules(self) -> None:
        """Schedules that are switched off, or no longer written, have nothing due any more. Of
        automations that are broken it cannot be told which they have."""
        if self._at_work:
            meant = [
                (name, name_of_trigger)
                for name, desk in self._desks.items()
                if self.switches.is_meant_on(name)
                for name_of_trigger in desk.enabled_triggers
            ]
            await self._occurrences.cancel_strangers(meant, automations=self._broken.keys())

    async def _close(self, desk: Desk) -> None:
        self._taking.discard(desk.automation.id)
        await desk.close()

    async def _switch(self, desk: Desk, on: bool, reason: str, *, by_hub: bool = False) -> None:
        automation = desk.automation.id
        await self.switches.set(automation, on, reason)
        if on and not desk.is_open:
            await self._open([desk])
        elif not on:
            await self._close(desk)
            await self._clear_schedules()
        self._notices.publish(
            AutomationSwitched(automation=automation, on=on, reason=reason, by_hub=by_hub)
        )

    async def _go_on(self) -> None:
        """See firings through that were interrupted, also those of automations that are off, broken
        or no longer written: what they are to do is kept with them."""
        if not self._at_work or self.switches.safe:
            return
        for firing in await self._firings.open():
            event = await self._events.get(firing.event)
            desk = self._desks.get(firing.automation)
            if desk is not None:
                desk.go_on(firing, event)
            else:
                self._office.tasks.create_task(self._see_through(firing, event))

    async def _see_through(self, firing: Firing, event: Event) -> None:
        """One that has no desk."""
        if reason := await reason_of_failure("The firing", self._runner.go_on(firing, event)):
            log.error("firing failed", automation=firing.automation, reason=reason)

    def _offer(self, event: Event) -> None:
        """An event is on disk; where its automation is off by now, it stays there."""
        if event.automation in self._taking:
            self._desks[event.automation].offer(event)

    def _failed(self, automation: Automation) -> None:
        # A task of its own, since switching off ends the one that this is called from.
        self._office.tasks.create_task(self._look_after(automation))

    async def _look_after(self, automation: Automation) -> None:
        """Switch an automation off that fails again and again."""
        most, name = automation.disable_after, automation.id
        state = self.switches.state(name)
        since = state.changed_at if state else None
        try:
            if most and await self._firings.failed_in_a_row(name, since=since, most=most) == most:
                async with self._changing:
                    if name in self._taking and self.switches.state(name) is state:
                        reason = f"Switched off because {most} firings in a row failed."
                        await self._switch(self._desks[name], False, reason, by_hub=True)
        except HubError as error:
            log.warning("could not look after an automation", automation=name, reason=str(error))
