"""The hub's own API: runs."""

from typing import Any

import msgspec
from aiohttp import web

from hub.errors import Invalid, NoSuch, NotFound
from hub.records.run import Origin, Run, RunState
from hub.runs.changed import changed
from hub.runs.given_files import given_files
from hub.runs.request import RunRequest
from hub.web.json_body import asked_for
from hub.web.json_text import answer
from hub.web.parts import parts_of
from hub.web.query import number, page_length
from hub.web.queue_room import check_queue
from hub.web.shapes import run_details, run_shape


async def list_runs(request: web.Request) -> web.Response:
    """GET /api/hub/runs?state=&workflow=&automation=&before=&limit="""
    parts = parts_of(request)
    books = parts.books
    runs = await parts.runs.page(
        state=_state(request),
        workflow=request.query.get("workflow"),
        automation=request.query.get("automation"),
        before=number(request, "before"),
        limit=page_length(request),
    )
    outputs = await books.outputs.of_runs([run.id for run in runs])
    return answer({"runs": [run_shape(run, outputs[run.id]) for run in runs]})


async def show_run(request: web.Request) -> web.Response:
    """GET /api/hub/runs/{run}, by id or number."""
    parts = parts_of(request)
    books = parts.books
    run = await parts.runs.get(request.match_info["run"])
    outputs = await books.outputs.of_run(run.id)
    nodes = await books.runs.nodes(run.id)
    progress = await books.runs.progress(run.id)
    given = given_files(run.graph, parts.engine.catalogue)
    event = await books.events.of_firing(run.firing) if given and run.firing else None
    titles = event.titles if event else {}
    held_up = parts.engine.held_up_by(run.id)
    return answer(run_details(run, outputs, nodes, progress, given, titles, held_up))


class NoPreview(NotFound):
    """Nothing is there of what a run shows on its way."""

    def __init__(self, run: Run) -> None:
        super().__init__(f"Run {run.number} has no preview: it shows none (yet), or is long over.")


async def show_preview(request: web.Request) -> web.Response:
    """GET /api/hub/runs/{run}/preview: the latest picture of what a run has so far. Whoever asks
    when it has just ended gets the last of its film."""
    parts = parts_of(request)
    run = await parts.books.runs.get(request.match_info["run"])
    preview = parts.runs.preview(run.id)
    if preview is None:
        film = parts.runs.film(run.id)
        if not film:
            raise NoPreview(run)
        preview = film[-1].image, film[-1].kind
    image, kind = preview
    return web.Response(body=image, content_type=kind, headers={"Cache-Control": "no-store"})


async def show_film(request: web.Request) -> web.Response:
    """GET /api/hub/runs/{run}/film: some of the pictures that a run showed on its way."""
    parts = parts_of(request)
    run = await parts.books.runs.get(request.match_info["run"])
    address = f"/api/hub/runs/{run.id}/film"
    frames = [
        {"number": frame.number, "node": frame.node, "url": f"{address}/{frame.number}"}
        for frame in parts.runs.film(run.id)
    ]
    return answer({"frames": frames})


async def send_frame(request: web.Request) -> web.Response:
    """GET /api/hub/runs/{run}/film/{frame}: one of them."""
    parts = parts_of(request)
    run = await parts.books.runs.get(request.match_info["run"])
    number = int(request.match_info["frame"])
    for frame in parts.runs.film(run.id):
        if frame.number == number:
            headers = {"Cache-Control": "private, max-age=86400"}
            return web.Response(body=frame.image, content_type=frame.kind, headers=headers)
    raise NoSuch("frame", number, f"The film of run {run.number} does not have it (any more).")


async def cancel_run(request: web.Request) -> web.Response:
    """POST /api/hub/runs/{run}/cancel: it stops at the next chance; a notice tells when."""
    parts = parts_of(request)
    run = await parts.books.runs.get(request.match_info["run"])
    return answer({"cancelled": parts.runs.cancel(run.id)})


class Again(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Other values, by node and input; without any, all is as it was."""

    inputs: dict[str, dict[str, Any]] = {}


async def run_again(request: web.Request) -> web.Response:
    """POST /api/hub/runs/{run}/again: the same graph and parameters, or with other values of
    inputs, and then it is a run of no workflow; 202 once it is on disk."""
    parts = parts_of(request)
    asked = await asked_for(request, Again | None) or Again()  # type: ignore[arg-type] # a union
    run = await parts.books.runs.get(request.match_info["run"])
    is_same = not asked.inputs
    check_queue(parts)
    parts.books.disk_space.check()
    wanted = RunRequest(
        graph=run.graph if is_same else changed(run.graph, asked.inputs),
        origin=Origin.API,
        workflow=run.workflow if is_same else None,
        parameters=run.parameters if is_same else {},
        targets=run.targets,
        priority=run.priority,
        tags=run.tags,
    )
    accepted = await parts.runs.enqueue(wanted)
    return answer({"run": run_shape(accepted.run)}, status=202)


def _state(request: web.Request) -> RunState | None:
    word = request.query.get("state")
    if word is not None and word not in set(RunState):
        raise Invalid(f"There is no state {word!r}; there are {', '.join(RunState)}.")
    return RunState(word) if word else None
