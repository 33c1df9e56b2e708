"""Rehearsing edited automations: judged with what really happened, and nothing is carried out."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from hub.automations.automation import Automation
from hub.automations.conditions.template import TemplateCondition
from hub.automations.durations import Durations
from hub.automations.findings import Finding, Way
from hub.automations.judging import Judge, Judged, seen_by_templates
from hub.automations.planned_work import PlannedWork
from hub.automations.supervisor import Supervisor
from hub.automations.templates import Templates
from hub.clock import Clock
from hub.config.positions import Positions
from hub.records.event import ONLY, Event
from hub.records.firing import Verdict
from hub.records.wait import waiting_step
from hub.storage.past import Past
from hub.storage.runs import RunRepository
from hub.triggers.scheduled import Scheduled

SHOWN = 20  # so many of a schedule's next moments are told


@dataclass(frozen=True, kw_only=True, slots=True)
class _Outcome:
    """What an automation would make of an event. `seconds` are those of its work, None where that
    is not known; `failed` takes no part in comparisons, as it names places in a text."""

    fires: bool
    reason: str | None
    runs: list[dict[str, Any]] = field(default_factory=list)
    seconds: float | None = 0.0
    failed: list[Finding] = field(default_factory=list, compare=False)

    def told(self) -> dict[str, Any]:
        kept = ("fires", "reason", "runs", "seconds")
        return {name: getattr(self, name) for name in kept}


class Rehearsal:
    """Compares edited automations with those at work, event by event.

    Both are judged now, so that a condition about the hub or the time of day makes no difference
    that is not the edit's.
    """

    def __init__(
        self,
        *,
        supervisor: Supervisor,
        past: Past,
        runs: RunRepository,
        judge: Judge,
        templates: Templates,
        clock: Clock,
    ) -> None:
        self._supervisor = supervisor
        self._past = past
        self._runs = runs
        self._judge = judge
        self._templates = templates
        self._clock = clock

    async def of(self, edited: Automation, since: datetime, positions: Positions) -> dict[str, Any]:
        """What an edited automation, written at `positions`, would make of its events since then,
        and what would be another than with the present one."""
        known = {desk.automation.id: desk.automation for desk in self._supervisor.known()}
        present = known.get(edited.id)
        past = await self._past.events(automation=edited.id, since=since)
        events = [event for event in reversed(past) if _is_for_all_of_it(event)]
        durations = Durations(self._runs)
        differences, planned, failed = [], [], []
        workflows: set[str] = set()
        for event in events:
            before = await self._outcome(present, event, durations) if present else None
            after = await self._outcome(edited, event, durations)
            failed += after.failed
            if after.fires:
                planned.append({**_about(event), "seconds": after.seconds})
                workflows.update(run["workflow"] for run in after.runs)
            if before != after:
                ways = {"before": before and before.told(), "after": after.told()}
                differences.append({**_about(event), **ways})
        seconds = [each["seconds"] for each in planned]
        return {
            "automation": edited.id,
            "events": len(events),
            "fires": len(planned),
            "seconds": None if None in seconds else sum(seconds),
            "durations": {name: asdict(await durations.of(name)) for name in sorted(workflows)},
            "planned": planned,
            "differences": differences,
            "problems": list(_told_once(failed, edited, positions)),
            "schedules": list(_schedules(edited, present, self._clock.now())),
        }

    async def tried(self, template: str, event: Event | None) -> Any:
        """What a template gives, with an event as its automation sees it. Raises what rendering
        raises, and what is wrong with the automation's variables."""
        if event is None:
            return await self._templates.render(template, {}, native=True)
        variables = seen_by_templates(event)
        for desk in self._supervisor.known():
            if desk.automation.id == event.automation:
                judged = await self._judge.judge(desk.automation, event)
                variables |= judged.variables
        return await self._templates.render(template, variables, native=True)

    async def conditions(self, automation: Automation, event: Event) -> list[Verdict]:
        """What each of its conditions would say of an event now."""
        return await self._judge.each(automation, event)

    async def _outcome(
        self, automation: Automation, event: Event, durations: Durations
    ) -> _Outcome:
        judged = await self._judge.judge(automation, event)
        if judged.reason is not None:
            failed = list(_failed(automation, judged)) if judged.is_failure else []
            return _Outcome(fires=False, reason=judged.reason, failed=failed)
        variables = {**seen_by_templates(event), **judged.variables}
        work = PlannedWork(automation.actions, variables, self._templates, durations)
        seconds = await work.seconds()
        return _Outcome(
            fires=True, reason=None, runs=work.runs, seconds=seconds, failed=work.failed
        )


def _failed(automation: Automation, judged: Judged) -> Iterator[Finding]:
    """The template because of which an event cannot be judged. Of conditions only those that are
    one: others fail because of what is there by now, such as a file that was moved."""
    way: Way = ("variables",) if automation.variables.keys() - judged.variables else ("mode_key",)
    if judged.verdicts:
        asked = [each for each in enumerate(automation.conditions) if each[1].enabled]
        number, condition = asked[len(judged.verdicts) - 1]
        if not isinstance(condition, TemplateCondition):
            return
        way = ("conditions", number)
    yield Finding(part=automation, way=way, source=None, message=str(judged.reason))


def _is_for_all_of_it(event: Event) -> bool:
    """And neither what a step waited for, nor made to try a single one."""
    return waiting_step(event.trigger) is None and ONLY not in event.variables


def _about(event: Event) -> dict[str, Any]:
    return {
        "event": event.id,
        "observed_at": event.observed_at.isoformat(),
        "about": event.variables.get("path") or event.trigger,
    }


def _told_once(
    failed: list[Finding], edited: Automation, positions: Positions
) -> Iterator[dict[str, Any]]:
    """Each by where it stands, with its first message and the number of events that it concerns."""
    first = {finding.spot: finding for finding in reversed(failed)}
    for spot, count in Counter(finding.spot for finding in failed).items():
        finding = first[spot]
        part = _as_read(edited, positions) if finding.part is edited else finding.part
        place = msgspec.structs.asdict(positions.of(part, *finding.way))
        yield {**place, "message": finding.message, "events": count}


def _as_read(edited: Automation, positions: Positions) -> Automation:
    """Of which `edited` is a copy, whose triggers were given the hub's time zone and place."""
    for struct in positions.structs():
        if isinstance(struct, Automation) and struct.actions is edited.actions:
            return struct
    raise AssertionError("an automation was read from somewhere")


def _schedules(
    edited: Automation, present: Automation | None, now: datetime
) -> Iterator[dict[str, Any]]:
    """The next moments of each schedule, in its own time zone; `changed` says whether no trigger of
    the present automation has the same."""
    before = [list(times) for _, times in _moments(present, now)] if present else []
    for name, times in _moments(edited, now):
        yield {
            "trigger": name,
            "times": [moment.isoformat() for moment in times],
            "changed": times not in before,
        }


def _moments(automation: Automation, now: datetime) -> Iterator[tuple[str, list[datetime]]]:
    for index, trigger in enumerate(automation.triggers):
        if isinstance(trigger, Scheduled) and trigger.enabled:
            times = trigger.next_times(now, SHOWN)
            zone = trigger.zone()
            yield automation.trigger_id(index), [moment.astimezone(zone) for moment in times]
