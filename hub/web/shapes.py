"""Records as JSON: what the hub's own API says of runs, outputs, firings and notices."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec

from hub import notices
from hub.automations.planned_steps import planned_steps
from hub.automations.statuses import AutomationStatus
from hub.records.event import Event
from hub.records.firing import Firing, Step
from hub.records.output import Made, Output
from hub.records.run import Run, RunNode, RunProgress
from hub.runs.given_files import GivenFile
from hub.storage.ledger import Opinion
from hub.workflows.parameters import Parameter
from hub.workflows.workflow import Workflow


def run_shape(run: Run, outputs: list[Output] | None = None) -> dict[str, Any]:
    """A run in a list. `seconds` counts from its first start."""
    seconds = None
    if run.started_at and run.ended_at:
        seconds = (run.ended_at - run.started_at).total_seconds()
    return {
        "number": run.number,
        "id": run.id,
        "state": run.state.value,
        "origin": run.origin.value,
        "workflow": run.workflow,
        "automation": run.automation,
        "firing": run.firing,
        "parameters": run.parameters,
        "tags": run.tags,
        "priority": run.priority,
        "attempt": run.attempt,
        "node_count": len(run.graph),
        "created_at": _time(run.created_at),
        "started_at": _time(run.started_at),
        "ended_at": _time(run.ended_at),
        "seconds": seconds,
        "error": msgspec.structs.asdict(run.error) if run.error else None,
        "outputs": [output_shape(output) for output in outputs or []],
    }


def run_details(
    run: Run,
    outputs: list[Output],
    nodes: list[RunNode],
    progress: list[RunProgress],
    given: list[GivenFile],
    titles: Mapping[str, str],
    held_up: str | None,
) -> dict[str, Any]:
    """A run by itself; `titles` are what people call the files that it was given."""
    return {
        **run_shape(run, outputs),
        "held_up": held_up,
        "inputs": [given_shape(file, titles) for file in given],
        "graph": run.graph,
        "nodes": [
            {
                "node": node.node,
                "class_type": node.class_type,
                "cached": node.cached,
                "seconds": node.seconds,
                "ui": node.ui,
                "display": node.display,
                "blocked": node.blocked,
            }
            for node in nodes
        ],
        "progress": [
            {
                "attempt": point.attempt,
                "node": point.node,
                "value": point.value,
                "maximum": point.maximum,
                "at": _time(point.at),
            }
            for point in progress
        ],
    }


def given_shape(file: GivenFile, titles: Mapping[str, str]) -> dict[str, Any]:
    """A file that went into a run, by the name that people know it by, if any is known."""
    return {
        **file._asdict(),
        "title": titles.get(file.name, file.name),
        "url": f"/api/hub/inputs/{quote(file.name, errors='surrogateescape')}",
    }


def output_shape(output: Output) -> dict[str, Any]:
    return {
        "id": output.id,
        "url": f"/api/hub/outputs/{output.id}",
        "node": output.node,
        "kind": output.kind,
        "folder": output.folder.value,
        "name": output.path.name,
        "path": str(output.path),
        "sha256": output.sha256,
        "size": output.size,
        "width": output.width,
        "height": output.height,
        "deleted_at": _time(output.deleted_at),
        "starred": output.starred,
    }


def made_shape(made: Made) -> dict[str, Any]:
    """An output in the gallery, with where it comes from."""
    return {
        **output_shape(made.output),
        "tags": made.tags,
        "created_at": _time(made.output.created_at),
        "run": made.number,
        "workflow": made.workflow,
        "automation": made.automation,
    }


def automation_shape(status: AutomationStatus, last: Firing | None) -> dict[str, Any]:
    """How an automation is, and its latest firing."""
    return {**dataclasses.asdict(status), "last": firing_shape(last) if last else None}


def happened_shape(firing: Firing, event: Event | None) -> dict[str, Any]:
    """A firing in a list, with what happened in a word."""
    return {
        **firing_shape(firing),
        "platform": event.platform if event else None,
        "subject": event.subject if event else "",
    }


def firing_shape(firing: Firing) -> dict[str, Any]:
    """A firing in short; its definition is left to the one that is asked for."""
    return {
        "id": firing.id,
        "automation": firing.automation,
        "event": firing.event,
        "state": firing.state.value,
        "reason": firing.reason,
        "verdicts": [dataclasses.asdict(verdict) for verdict in firing.verdicts],
        "created_at": _time(firing.created_at),
        "ended_at": _time(firing.ended_at),
    }


def event_shape(event: Event, firing: Firing | None = None) -> dict[str, Any]:
    """An event, with what became of it."""
    return {
        "id": event.id,
        "automation": event.automation,
        "observed_at": _time(event.observed_at),
        "trigger": {"platform": event.platform, "id": event.trigger, **event.variables},
        "firing": firing_shape(firing) if firing else None,
    }


def firing_details(
    firing: Firing, event: Event, steps: list[Step], runs: list[Run]
) -> dict[str, Any]:
    """A firing by itself: its trace."""
    return {
        **happened_shape(firing, event),
        "trigger": {"platform": event.platform, "id": event.trigger, **event.variables},
        "actions": [
            dataclasses.asdict(step) for step in planned_steps(firing.definition.get("actions", ()))
        ],
        "steps": [step_shape(step) for step in steps],
        "runs": [{"number": run.number, "id": run.id, "state": run.state.value} for run in runs],
    }


def step_shape(step: Step) -> dict[str, Any]:
    return {
        "key": step.key,
        "action": step.action,
        "state": step.state.value,
        "started_at": _time(step.started_at),
        "ended_at": _time(step.ended_at),
        "result": step.result,
        "error": step.error,
    }


def opinion_shape(opinion: Opinion) -> dict[str, Any]:
    """What a folder trigger thinks of a file."""
    return {
        "automation": opinion.automation,
        "path": str(opinion.sighting.path),
        "name": opinion.sighting.path.name,
        "state": opinion.sighting.state.value,
        "reason": opinion.sighting.reason,
        "seen_at": _time(opinion.sighting.seen_at),
    }


def workflow_shape(workflow: Workflow) -> dict[str, Any]:
    """A saved workflow and what it takes."""
    return {
        "name": workflow.name,
        "title": workflow.title,
        "parameters": {
            name: {
                "type": parameter.type,
                "required": parameter.required,
                "default": parameter.default,
                "min": parameter.min,
                "max": parameter.max,
                "options": parameter.options,
                "multiline": parameter.multiline,
                "label": parameter.label,
                "held": _held(workflow, parameter),
            }
            for name, parameter in workflow.parameters.items()
        },
    }


def _held(workflow: Workflow, parameter: Parameter) -> Any:
    """What the graph has for a parameter; None for what comes from another node."""
    inputs = workflow.graph[next(iter(parameter.node))]["inputs"]
    values = [inputs.get(name) for name in parameter.inputs]
    if any(value is None or isinstance(value, list) for value in values):
        return None
    return values[0] if len(values) == 1 else "x".join(map(str, values))


def notice_shape(notice: notices.Notice) -> dict[str, Any]:
    """A notice under its name; runs in short."""
    values = msgspec.structs.asdict(notice)
    run = values.get("run")
    if isinstance(run, Run):
        whole = isinstance(notice, notices.RunQueued | notices.RunStarted | notices.RunFinished)
        values["run"] = run_shape(run) if whole else {"id": run.id, "number": run.number}
    return {"type": type(notice).__name__, **values}


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
