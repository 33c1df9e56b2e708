"""Why something happened, or did not, at some time or after a request to a webhook."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hub.automations.supervisor import Supervisor
from hub.automations.waiting import Waiting
from hub.automations.why import explanation, of_firing, rungs_of
from hub.records.event import Event
from hub.records.occurrence import Occurrence, OccurrenceState
from hub.storage.firings import Firings
from hub.storage.past import Past
from hub.storage.runs import RunRepository

AROUND = timedelta(minutes=5)
_LATEST = 5  # requests of a webhook that are told
SETTLED = {
    OccurrenceState.DUE: "It is yet to come.",
    OccurrenceState.COALESCED: "It was missed, and a later one stood for it.",
    OccurrenceState.TOO_OLD: "It was missed, and too old to be made up for.",
    OccurrenceState.SKIPPED: "It was missed, and what is missed is skipped.",
    OccurrenceState.TOO_MANY: "It was missed, and `max` lets only later ones be made up for.",
    OccurrenceState.CANCELLED: "The schedule was changed, or switched off, before it came.",
}


class Happenings:
    """Answers why, for times and webhooks."""

    def __init__(
        self,
        *,
        supervisor: Supervisor,
        waiting: Waiting,
        past: Past,
        firings: Firings,
        runs: RunRepository,
        zone: ZoneInfo,
    ) -> None:
        self._supervisor = supervisor
        self._waiting = waiting
        self._past = past
        self._firings = firings
        self._runs = runs
        self._zone = zone

    async def webhook(self, webhook_id: str) -> list[dict[str, Any]]:
        """What listens at that address, and what came of the latest requests."""
        found = []
        for automation, trigger, is_wait in self._listeners(webhook_id):
            if is_wait:
                reason = "A step of a firing waits for a request there."
                found.append(explanation(automation, "waits", reason))
            else:
                found.append(self._of_listener(automation, trigger))
            events = await self._past.events(automation=automation, trigger=trigger, most=_LATEST)
            found += [await self._of_event(event) for event in events]
        return found

    async def automation(self, automation: str) -> list[dict[str, Any]]:
        """Whether it is on, and what came of its latest events. Raises `NotFound`."""
        switches, is_on = self._supervisor.switches, self._supervisor.is_on(automation)
        word = "on" if is_on else "off"
        said = [f"The automation is {word}.", switches.reason(automation)]
        said += [
            watch.trouble
            for desk in self._supervisor.desks()
            for watch in desk.watches
            if desk.automation.id == automation
        ]
        reason = " ".join(filter(None, said))
        events = await self._past.events(automation=automation, most=_LATEST)
        happened = [await self._of_event(event) for event in events]
        return [explanation(automation, word, reason), *happened]

    async def moment(self, moment: datetime) -> list[dict[str, Any]]:
        """What happened within five minutes of that time; without an offset it is local."""
        moment = moment if moment.tzinfo else moment.replace(tzinfo=self._zone)
        since, until = moment - AROUND, moment + AROUND
        scheduled = [
            _of_occurrence(occurrence)
            for occurrence in await self._past.occurrences(since, until)
            if occurrence.state is not OccurrenceState.FIRED
        ]
        events = await self._past.events(since=since, until=until)
        return scheduled + [await self._of_event(event) for event in reversed(events)]

    def _listeners(self, webhook_id: str) -> Iterator[tuple[str, str, bool]]:
        """Automations and names of triggers, and whether a step waits for it."""
        for desk in self._supervisor.known():
            for watch, trigger in zip(desk.watches, desk.automation.triggers, strict=True):
                if getattr(trigger, "webhook_id", None) == webhook_id:
                    yield desk.automation.id, watch.trigger, False
        for watch, trigger in self._waiting.watched():
            if getattr(trigger, "webhook_id", None) == webhook_id:
                yield watch.automation, watch.trigger, True

    def _of_listener(self, automation: str, trigger: str) -> dict[str, Any]:
        switches = self._supervisor.switches
        if not switches.is_on(automation):
            reason = f"The automation is off: {switches.reason(automation)} Callers get 404."
            return explanation(automation, "off", reason)
        reason = f"Its trigger {trigger!r} listens there. {switches.reason(automation)}".strip()
        return explanation(automation, "listens", reason)

    async def _of_event(self, event: Event) -> dict[str, Any]:
        firings = await self._firings.of_event(event.id)
        runs = [run for firing in firings for run in await self._runs.of_firing(firing.id)]
        what = f"At {event.observed_at:%Y-%m-%d %H:%M:%S} UTC, {_what(event)}."
        became = [of_firing(firing, event.id) for firing in firings]
        became += await rungs_of(self._firings, firings)
        if not firings:
            held_up = self._supervisor.held_up_by(event.automation)
            became = [f"It waits for its turn. {held_up}".strip()]
        return explanation(
            event.automation,
            firings[0].state.value if firings else "waiting",
            " ".join([what, *became]),
            event=event.id,
            firings=firings,
            runs=runs,
        )


def _what(event: Event) -> str:
    known = {"folder": "the file {path} came", "webhook": "a request came"}
    words = known.get(event.platform, f"the trigger {event.trigger} ({event.platform}) fired")
    return words.format(path=event.variables.get("path", ""))


def _of_occurrence(occurrence: Occurrence) -> dict[str, Any]:
    moment = f"It was to fire at {occurrence.scheduled_at:%Y-%m-%d %H:%M:%S} UTC."
    return explanation(
        occurrence.automation,
        occurrence.state.value.replace("_", " "),
        f"{moment} {SETTLED[occurrence.state]}",
    )
