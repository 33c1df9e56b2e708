"""The hub's own API: runs."""

from aiohttp import web

from hub.errors import Invalid
from hub.records.run import Run, RunState
from hub.storage.firings import Firings
from hub.web.json_text import answer
from hub.web.parts import parts_of
from hub.web.query import number, page_length
from hub.web.shapes import run_details, run_shape


async def list_runs(request: web.Request) -> web.Response:
    """GET /api/hub/runs?state=&workflow=&before=&limit="""
    parts = parts_of(request)
    books = parts.books
    runs = await parts.runs.page(
        state=_state(request),
        workflow=request.query.get("workflow"),
        before=number(request, "before"),
        limit=page_length(request),
    )
    outputs = await books.outputs.of_runs([run.id for run in runs])
    automations = await _automations(books.firings, runs)
    return answer(
        {
            "runs": [
                run_shape(run, outputs[run.id]) | {"automation": automations.get(run.firing or "")}
                for run in runs
            ]
        }
    )


async def show_run(request: web.Request) -> web.Response:
    """GET /api/hub/runs/{run}, by id or number."""
    books = parts_of(request).books
    run = await books.runs.get(request.match_info["run"])
    outputs = await books.outputs.of_run(run.id)
    nodes = await books.runs.nodes(run.id)
    progress = await books.runs.progress(run.id)
    automations = await _automations(books.firings, [run])
    details = run_details(run, outputs, nodes, progress)
    return answer(details | {"automation": automations.get(run.firing or "")})


async def cancel_run(request: web.Request) -> web.Response:
    """POST /api/hub/runs/{run}/cancel: it stops at the next chance; a notice tells when."""
    parts = parts_of(request)
    run = await parts.books.runs.get(request.match_info["run"])
    return answer({"cancelled": parts.runs.cancel(run.id)})


async def _automations(firings: Firings, runs: list[Run]) -> dict[str, str]:
    """Which automation asked for runs, by firing."""
    return await firings.automations_of([run.firing for run in runs if run.firing])


def _state(request: web.Request) -> RunState | None:
    word = request.query.get("state")
    if word is not None and word not in set(RunState):
        raise Invalid(f"There is no state {word!r}; there are {', '.join(RunState)}.")
    return RunState(word) if word else None
