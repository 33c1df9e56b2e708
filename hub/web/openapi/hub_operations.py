"""What the routes of the hub's own API take and give."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta

from hub.automations.forms import FormField, FormKind
from hub.automations.trigger_preview import FilePreview
from hub.client.records import Output, Parameter, Run, RunDetails, RunState, Workflow
from hub.config.problems import Problem
from hub.config.text_files import TextFile
from hub.engine.findings import Findings
from hub.records.delivery import DeliveryState
from hub.records.firing import FiringState
from hub.records.pruning import Pruned
from hub.web import (
    automation_texts_api,
    check_api,
    manual_api,
    marks_api,
    queue_api,
    rehearsal_api,
    retention_api,
    runs_api,
    template_api,
    trigger_preview_api,
    workflows_api,
)
from hub.web.openapi.operation import EVENTS, Operation, Operations, fields, file, json
from hub.web.query import LONGEST_PAGE
from hub.web.request_key import HEADER, LONGEST
from hub.web.wanted_run import WantedRun

Above0 = Annotated[int, Meta(ge=1, lt=10**18)]
Limit = Annotated[int, Meta(ge=1, le=LONGEST_PAGE)]
Key = Annotated[str, Meta(min_length=1, max_length=LONGEST, pattern="^[ -~]+$")]
Objects = list[dict[str, Any]]
KEYED = {HEADER: Key}
CHOICE = {"workflow": str, "automation": str, "tag": str, "starred": bool, "outputs": str}

_ANYTHING = (json(),)
_LOG = (fields(lines=Objects),)
_TAKEN = Operation(
    summary="Send something to a webhook trigger",
    body=(json(), file()),
    answers={202: _ANYTHING, 200: _ANYTHING},
)


def _switched(summary: str) -> Operation:
    return Operation(summary=summary, answers={200: (fields(automation=str, on=bool),)})


def _paused(summary: str) -> Operation:
    return Operation(summary=summary, answers={200: (fields(paused=bool),)})


HUB_OPERATIONS: Operations = {
    "GET /healthz": Operation(answers={200: (fields(status=str),)}),
    "GET /readyz": Operation(
        answers={200: (fields(status=str),), 503: (fields(status=str, reason=str),)}
    ),
    "GET /metrics": Operation(answers={200: (file("text/plain"),)}),
    "GET /api/webhook/{webhook}": _TAKEN,
    "POST /api/webhook/{webhook}": _TAKEN,
    "PUT /api/webhook/{webhook}": _TAKEN,
    "GET /api/hub/webhooks": Operation(
        summary="What listens where, and how a caller shows that it may",
        answers={200: (fields(webhooks=Objects),)},
    ),
    "GET /api/hub/webhooks/{webhook}/requests": Operation(
        summary="The latest requests of a webhook",
        query={"limit": Limit},
        answers={200: (fields(requests=Objects),)},
    ),
    "POST /api/hub/webhooks/{webhook}/requests/{event}/replay": Operation(
        summary="Take an accepted request once more, as a new event",
        answers={202: (fields(event=str, accepted=bool),)},
    ),
    "GET /api/hub/status": Operation(
        answers={
            200: (
                fields(
                    remaining=int,
                    waiting=int,
                    held_up=Objects,
                    workers=Objects,
                    paused=bool,
                    safe=bool,
                    configuration=dict[str, Any],
                    disk_free=int,
                    disk_total=int,
                    editor=bool,
                    quarantined=Objects,
                    missed=Objects,
                    overdue=Objects,
                ),
            )
        }
    ),
    "GET /api/hub/statistics": Operation(
        query={"hours": Above0}, answers={200: (fields(hours=Objects),)}
    ),
    "GET /api/hub/automations": Operation(
        summary="All automations and their triggers, and how they are",
        answers={200: (fields(automations=Objects),)},
    ),
    "POST /api/hub/automations/{automation}/turn_on": _switched("Switch an automation on"),
    "POST /api/hub/automations/{automation}/turn_off": _switched(
        "Switch an automation off; firings under way go on"
    ),
    "POST /api/hub/automations/{automation}/toggle": _switched("Switch an automation on, or off"),
    "POST /api/hub/rehearse": Operation(
        body=(json(rehearsal_api.Wanted),),
        body_is_required=True,
        answers={200: (fields(mistakes=list[str], warnings=list[str], rehearsed=Objects),)},
    ),
    "POST /api/hub/template": Operation(
        body=(json(template_api.Tried),),
        body_is_required=True,
        answers={200: (fields(value=Any, event=str | None),)},
    ),
    "POST /api/hub/pause": _paused("Begin nothing any more, for all automations"),
    "POST /api/hub/resume": _paused("Begin again what comes, for all automations"),
    "POST /api/hub/reload": Operation(
        answers={
            200: (
                fields(
                    started=list[str],
                    changed=list[str],
                    ended=list[str],
                    mistakes=list[str],
                    warnings=list[str],
                    after_restart=list[str],
                ),
            )
        }
    ),
    "GET /api/hub/automations/{automation}/form": Operation(
        summary="The fields that a manual trigger asks for",
        answers={200: (fields(parameters=dict[str, Any] | None),)},
    ),
    "POST /api/hub/automations/{automation}/trigger": Operation(
        summary="Fire an automation by hand",
        body=(json(manual_api.Asked),),
        answers={202: (fields(event=str, firing=str),)},
    ),
    "GET /api/hub/automations/{automation}/conditions": Operation(
        summary="What each condition says of an event of the past",
        query={"event": str},
        answers={200: (fields(event=str, verdicts=Objects),)},
    ),
    "GET /api/hub/automation_forms": Operation(
        summary="Everything that can be set of automations",
        answers={
            200: (
                fields(
                    automation=list[FormField],
                    triggers=list[FormKind],
                    conditions=list[FormKind],
                    actions=list[FormKind],
                ),
            )
        },
    ),
    "POST /api/hub/triggers/preview": Operation(
        body=(json(trigger_preview_api.WrittenTrigger),),
        body_is_required=True,
        answers={200: (fields(problem=str | None, times=list[datetime], files=list[FilePreview]),)},
    ),
    "GET /api/hub/automation_texts": Operation(
        summary="The files of automations as they are written",
        answers={200: (fields(files=list[TextFile]),)},
    ),
    "PUT /api/hub/automation_texts": Operation(
        summary="Write a file of automations as it is",
        body=(json(automation_texts_api.Edited),),
        body_is_required=True,
        answers={200: (fields(version=str, refused=str | None),)},
    ),
    "POST /api/hub/automation_texts/check": Operation(
        summary="All mistakes there would be in a file of automations",
        body=(json(automation_texts_api.Edited),),
        body_is_required=True,
        answers={200: (fields(problems=list[Problem]),)},
    ),
    "GET /api/hub/schedule": Operation(
        summary="What will run, and about how long that takes",
        query={"days": Above0},
        answers={200: (fields(until=datetime, planned=Objects),)},
    ),
    "GET /api/hub/events/{event}": Operation(),
    "GET /api/hub/firings": Operation(
        summary="What automations did with events, latest first",
        query={"automation": str, "state": FiringState, "before": str, "limit": Limit},
        answers={200: (fields(firings=Objects),)},
    ),
    "GET /api/hub/firings/{firing}": Operation(
        summary="What an automation did with an event, step by step"
    ),
    "GET /api/hub/why": Operation(
        summary="Why a file, a request or a moment led to a run, or did not",
        query={"path": str, "webhook": str, "automation": str, "time": datetime},
        answers={200: (fields(explanations=Objects),)},
    ),
    "GET /api/hub/packs": Operation(
        summary="Node packs as the workers reported them", answers={200: (fields(packs=Objects),)}
    ),
    "GET /api/hub/models": Operation(
        answers={200: (fields(kinds=Objects, missing=dict[str, Objects]),)}
    ),
    "POST /api/hub/check": Operation(
        body=(json(check_api.Wanted),), body_is_required=True, answers={200: (json(Findings),)}
    ),
    "GET /api/hub/workflows": Operation(
        summary="The saved workflows", answers={200: (fields(workflows=list[Workflow]),)}
    ),
    "POST /api/hub/workflows/import": Operation(
        summary="Save the workflow in a file: JSON, or a picture that carries one",
        query={"name": str, "replace": bool},
        body=(json(), file()),
        body_is_required=True,
        answers={201: (fields(name=str, nodes=int, unknown=list[str]),)},
    ),
    "GET /api/hub/workflows/{name}": Operation(
        summary="A saved workflow: what it takes, and its graph",
        answers={
            200: (
                fields(
                    name=str,
                    title=str | None,
                    parameters=dict[str, Parameter],
                    graph=dict[str, Any],
                    fills=dict[str, Any],
                    offered=dict[str, list[str]],
                ),
            )
        },
    ),
    "GET /api/hub/workflows/{name}/text": Operation(
        answers={200: (fields(text=str, version=str | None),)}
    ),
    "PUT /api/hub/workflows/{name}/text": Operation(
        body=(json(workflows_api.EditedSidecar),),
        body_is_required=True,
        answers={200: (fields(version=str, refused=str | None),)},
    ),
    "POST /api/hub/workflows/{name}/run": Operation(
        headers=KEYED,
        body=(json(WantedRun), file("multipart/form-data")),
        answers={
            200: (fields(run=Run), file(EVENTS)),
            202: (fields(run=Run, held_up=str | None),),
        },
    ),
    "POST /api/hub/inputs": Operation(
        summary="Upload a file that runs can name",
        query={"name": str},
        body=(file(),),
        answers={201: (fields(name=str),)},
    ),
    "GET /api/hub/inputs/{name}": Operation(
        summary="A file that runs can name, or a small picture of it",
        query={"thumbnail": Above0},
        answers={200: (file("*/*"),)},
    ),
    "DELETE /api/hub/inputs/{name}": Operation(
        summary="Delete an input that nothing under way refers to",
        answers={200: (fields(name=str, bytes=int),)},
    ),
    "GET /api/hub/runs": Operation(
        summary="Runs, latest first",
        query={
            "state": RunState,
            "workflow": str,
            "automation": str,
            "before": Above0,
            "limit": Limit,
        },
        answers={200: (fields(runs=list[Run]),)},
    ),
    "GET /api/hub/runs/{run}": Operation(
        summary="A run, by id or number", answers={200: (json(RunDetails),)}
    ),
    "POST /api/hub/runs/{run}/again": Operation(
        summary="Run the same graph with the same parameters once more, or with other values",
        body=(json(runs_api.Again),),
        answers={202: (fields(run=Run),)},
    ),
    "POST /api/hub/runs/{run}/move": Operation(
        summary="Give a run that waits another turn: before or after another one, or the first",
        body=(json(queue_api.Place),),
        answers={200: (fields(run=Run),)},
    ),
    "GET /api/hub/queue": Operation(
        summary="The runs that wait, next first",
        query={"limit": Limit},
        answers={200: (fields(runs=list[Run], count=int),)},
    ),
    "GET /api/hub/runs/{run}/preview": Operation(answers={200: (file("image/*"),)}),
    "GET /api/hub/runs/{run}/film": Operation(answers={200: (fields(frames=Objects),)}),
    "GET /api/hub/runs/{run}/film/{frame}": Operation(
        summary="A picture that a run showed on its way", answers={200: (file("image/*"),)}
    ),
    "POST /api/hub/runs/{run}/cancel": Operation(
        summary="Stop a run at the next chance", answers={200: (fields(cancelled=bool),)}
    ),
    "GET /api/hub/outputs": Operation(
        summary="What runs produced, latest first",
        query={**CHOICE, "before": str, "limit": Limit},
        answers={200: (fields(outputs=Objects),)},
    ),
    "GET /api/hub/outputs/zip": Operation(
        summary="The files of such outputs as one archive",
        query=CHOICE,
        answers={200: (file("application/zip"),)},
    ),
    "POST /api/hub/outputs/mark": Operation(
        summary="Give and take stars and tags of outputs",
        body=(json(marks_api.Change),),
        body_is_required=True,
        answers={200: (fields(outputs=list[int]),)},
    ),
    "GET /api/hub/tags": Operation(
        summary="Every tag of outputs, and how many have it",
        answers={200: (fields(tags=Objects),)},
    ),
    "GET /api/hub/outputs/{output}": Operation(
        summary="A file that a run produced, or a small picture of it",
        query={"thumbnail": Above0},
        answers={200: (file("*/*"),)},
    ),
    "DELETE /api/hub/outputs/{output}": Operation(
        summary="Delete the file of an output; its run goes on showing it as deleted",
        answers={200: (fields(output=Output),)},
    ),
    "GET /api/hub/deliveries": Operation(
        summary="What is posted elsewhere, latest first",
        query={"state": DeliveryState, "limit": Limit},
        answers={200: (fields(deliveries=Objects),)},
    ),
    "POST /api/hub/deliveries/{delivery}/requeue": Operation(
        summary="Send a dead delivery anew", answers={200: (fields(delivery=dict[str, Any]),)}
    ),
    "POST /api/hub/prune": Operation(
        body=(fields(dry_run=bool),), answers={200: (fields(dry_run=bool, pruned=Pruned),)}
    ),
    "GET /api/hub/retention": Operation(
        answers={200: (fields(text=str, version=str | None, usual=dict[str, Any]),)}
    ),
    "PUT /api/hub/retention": Operation(
        body=(json(retention_api.EditedRetention),),
        body_is_required=True,
        answers={200: (fields(version=str, refused=str | None),)},
    ),
    "GET /api/hub/backup": Operation(
        query={"inputs": bool, "outputs": bool, "secrets": bool},
        answers={200: (file(),)},
    ),
    "GET /api/hub/notices": Operation(
        summary="What happens, as a WebSocket of notices", answers={101: ()}
    ),
    "GET /api/hub/log": Operation(
        summary="The last lines of the log", query={"after": Above0}, answers={200: _LOG}
    ),
    "GET /api/hub/log/live": Operation(
        summary="The log as it is written, as a WebSocket",
        query={"after": Above0},
        answers={101: ()},
    ),
    "GET /api/hub/openapi.json": Operation(),
    "GET /api/hub/docs": Operation(answers={200: (file("text/html"),)}),
    "GET /api/hub/docs/{file}": Operation(answers={200: (file("*/*"),)}),
}
