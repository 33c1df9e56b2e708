"""Why a file led to a run, or did not: what each automation knows of it, in sentences."""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.automations.actions.workflow_run import WorkflowRun
from hub.automations.desk import Desk
from hub.automations.supervisor import Supervisor
from hub.automations.watching import Watch
from hub.config.folders import Folders
from hub.records.firing import Firing, FiringState
from hub.records.run import Run
from hub.records.sighting import SightingState
from hub.storage.events import Events
from hub.storage.firings import Firings
from hub.storage.ledger import Ledger, Opinion
from hub.storage.outputs import Outputs
from hub.storage.runs import RunRepository
from hub.triggers.folder import FolderTrigger

_MOST_RUNGS = 5  # that are told of one event
_BECAME = {
    FiringState.RUNNING: "is running",
    FiringState.STOPPED: "was stopped",
    FiringState.DROPPED: "was dropped",
}
_SETTLING = "It would be taken, and is still settling or waiting for its turn."


@dataclass(frozen=True, kw_only=True, slots=True)
class _Watcher:
    """A folder trigger of an automation."""

    desk: Desk
    watch: Watch
    trigger: FolderTrigger


class Why:
    """Answers why."""

    def __init__(
        self,
        *,
        supervisor: Supervisor,
        ledger: Ledger,
        events: Events,
        firings: Firings,
        runs: RunRepository,
        outputs: Outputs,
        folders: Folders,
    ) -> None:
        self._supervisor = supervisor
        self._ledger = ledger
        self._events = events
        self._firings = firings
        self._runs = runs
        self._outputs = outputs
        self._folders = folders

    async def path(self, path: Path) -> list[dict[str, Any]]:
        """What is known of a file, one explanation per automation that has to do with it."""
        path = _normal(self._folders.config / path)
        explanations = [
            await self._of_output(output.run) for output in await self._outputs.at_path(path)
        ]
        opinions = await self._ledger.about(path)
        explanations += [await self._of_opinion(opinion) for opinion in opinions]
        explanations += [
            await self._of_opinion(opinion, f"It was {opinion.sighting.path}.")
            for opinion in await self._ledger.brought_to(path)
        ]
        judged = {(opinion.automation, opinion.trigger) for opinion in opinions}
        watchers = self._watchers()
        others = [each for name, each in watchers.items() if name not in judged]
        near = [other for other in others if other.trigger.reaches(path, self._folders)]
        if near or judged & watchers.keys():
            return explanations + await self._of_watchers(path, near)
        explanations = explanations or await self._of_watchers(path, others)
        return explanations + self._of_broken()

    def _watchers(self) -> dict[tuple[str, str], _Watcher]:
        """Folder triggers by automation and name, whether on or off."""
        return {
            (desk.automation.id, watch.trigger): _Watcher(desk=desk, watch=watch, trigger=trigger)
            for desk in self._supervisor.known()
            for watch, trigger in zip(desk.watches, desk.automation.triggers, strict=True)
            if isinstance(trigger, FolderTrigger)
        }

    async def _of_output(self, run_id: str) -> dict[str, Any]:
        run = await self._runs.get(run_id)
        reason = f"It is an output of run {run.number} of {run.workflow or 'a posted prompt'}."
        return explanation("", "output", reason, runs=[run])

    async def _of_opinion(self, opinion: Opinion, before: str = "") -> dict[str, Any]:
        sighting = opinion.sighting
        firings = await self._firings.of_event(sighting.event) if sighting.event else []
        runs = [run for firing in firings for run in await self._runs.of_firing(firing.id)]
        outputs = [str(o.path) for run in runs for o in await self._outputs.of_run(run.id)]
        said = [before, sighting.reason]
        if sighting.state is SightingState.ADMITTED:
            said += [of_firing(firing, sighting.event or "") for firing in firings]
            if not firings and await self._events.those([sighting.event or ""]):  # not pruned
                said += ["It waits for its turn.", self._supervisor.held_up_by(opinion.automation)]
            said += await rungs_of(self._firings, firings)
            said.append("" if before else await self._where_to(opinion))
        elif opinion.gone_at is not None:
            said.append(_gone(opinion))
        return explanation(
            opinion.automation,
            sighting.state.value,
            " ".join(filter(None, said)),
            event=sighting.event,
            firings=firings,
            runs=runs,
            outputs=outputs,
        )

    async def _where_to(self, opinion: Opinion) -> str:
        path = await self._ledger.taken_to(opinion.sighting)
        if path is None:
            return _gone(opinion) if opinion.gone_at is not None else ""
        if path == opinion.sighting.path:
            return "The automation deleted the file, as `after` says."
        return f"The automation moved the file to {path}."

    async def _of_watchers(self, path: Path, watchers: list[_Watcher]) -> list[dict[str, Any]]:
        """What folder triggers that never judged the file say to it; they look at the disk."""
        triggers = [watcher.trigger for watcher in watchers]
        against = await asyncio.to_thread(_against, path, triggers, self._folders)
        is_there = await asyncio.to_thread(os.path.lexists, path)
        return [
            explanation(watcher.desk.automation.id, "ignored", reason)
            if reason
            else self._of_watcher(watcher, is_there=is_there)
            for watcher, reason in zip(watchers, against, strict=True)
        ]

    def _of_watcher(self, watcher: _Watcher, *, is_there: bool) -> dict[str, Any]:
        """Why a trigger that would take the file has not."""
        automation, watch = watcher.desk.automation.id, watcher.watch
        if not self._supervisor.is_on(automation):
            return explanation(automation, "off", self._supervisor.held_up_by(automation))
        if not watcher.desk.is_open:
            reason = "no hub is running that watches."
        elif watch.state not in ("watching", "starting"):
            reason = f"its trigger is {watch.state}: {watch.reason}"
        elif is_there:
            return explanation(automation, "not seen", _SETTLING)
        else:
            reason = "no such file is there, and none has been seen."
        return explanation(automation, "not seen", f"It would be taken, but {reason}")

    def _of_broken(self) -> list[dict[str, Any]]:
        """Automations that might have to do with it, if they could be read."""
        return [
            explanation(automation, "unavailable", self._supervisor.held_up_by(automation))
            for automation in self._supervisor.broken()
        ]


def _normal(path: Path) -> Path:
    return Path(os.path.normpath(path))  # links are not followed


def _against(path: Path, triggers: list[FolderTrigger], folders: Folders) -> list[str | None]:
    return [trigger.explain(path, folders) for trigger in triggers]


def _gone(opinion: Opinion) -> str:
    return f"The file was gone by {opinion.gone_at:%Y-%m-%d %H:%M:%S} UTC."


def of_firing(firing: Firing, event: str) -> str:
    """How the firing is that an event began, or that waited for it, as a sentence."""
    reason = f": {firing.reason.removesuffix('.')}" if firing.reason else ""
    became = _BECAME.get(firing.state, firing.state.value)
    if firing.event != event:
        return f"A step of a firing waited for it; that firing {became}{reason}."
    return f"The firing {became}{reason}."


async def rungs_of(book: Firings, firings: list[Firing]) -> list[str]:
    """On which rungs of `retry: change` runs of these firings began or ended, as sentences."""
    steps = [step for firing in firings for step in await book.steps(firing.id)]
    results = [step.result for step in steps if step.action == WorkflowRun.kind]
    found = [text for each in results if isinstance(each, dict) for text in each.get("rungs", ())]
    left_out = len(found) - _MOST_RUNGS
    more = [f"{left_out} more rungs are in the firing's trace."] if left_out > 0 else []
    return found[:_MOST_RUNGS] + more


def explanation(
    automation: str,
    verdict: str,
    reason: str,
    *,
    event: str | None = None,
    firings: list[Firing] | None = None,
    runs: list[Run] | None = None,
    outputs: list[str] | None = None,
) -> dict[str, Any]:
    """One thing that is known, in the shape in which it is told."""
    return {
        "automation": automation,
        "verdict": verdict,
        "reason": reason,
        "event": event,
        "firings": [
            {"id": f.id, "state": f.state.value, "reason": f.reason} for f in firings or []
        ],
        "runs": [{"id": r.id, "number": r.number, "state": r.state.value} for r in runs or []],
        "outputs": outputs or [],
    }
