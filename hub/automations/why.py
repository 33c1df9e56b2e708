"""Why a file led to a run, or did not: what each automation knows of it, in sentences."""

import asyncio
from pathlib import Path
from typing import Any

from hub.automations.actions.workflow_run import WorkflowRun
from hub.automations.supervisor import Supervisor
from hub.config.folders import Folders
from hub.records.firing import Firing
from hub.records.run import Run
from hub.records.sighting import SightingState
from hub.storage.events import Events
from hub.storage.firings import Firings
from hub.storage.ledger import Ledger, Opinion
from hub.storage.outputs import Outputs
from hub.storage.runs import RunRepository

_MOST_RUNGS = 5  # that are told of one event


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
        path = self._folders.config / path
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
        others = [
            (desk.automation.id, trigger)
            for desk in self._supervisor.desks()
            for watch, trigger in zip(desk.watches, desk.automation.triggers, strict=True)
            if watch.kind == "folder" and (desk.automation.id, watch.trigger) not in judged
        ]
        return explanations + await asyncio.to_thread(self._of_triggers, path, others)

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

    def _of_triggers(self, path: Path, triggers: list[tuple[str, Any]]) -> list[dict[str, Any]]:
        """What folder triggers that never judged the file would say to it, with their automations;
        they look at the disk."""
        found = []
        for automation, trigger in triggers:
            reason = trigger.explain(path, self._folders)
            verdict = "ignored" if reason else "not seen"
            found.append(explanation(automation, verdict, reason or _not_seen(path)))
        return found


def _gone(opinion: Opinion) -> str:
    return f"The file was gone by {opinion.gone_at:%Y-%m-%d %H:%M:%S} UTC."


def _not_seen(path: Path) -> str:
    if path.exists():
        return "It would be taken, and is still settling or waiting for its turn."
    return "It would be taken, but no such file is there, and none has been seen."


def of_firing(firing: Firing, event: str) -> str:
    """How the firing ended that an event began, or that waited for it, as a sentence."""
    reason = f": {firing.reason.removesuffix('.')}" if firing.reason else ""
    if firing.event != event:
        return f"A step of a firing waited for it; that firing {firing.state.value}{reason}."
    return f"The firing {firing.state.value}{reason}."


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
