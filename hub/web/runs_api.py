"""The hub's own API: runs, outputs, inputs, workflows."""

import asyncio
import os
import tempfile
from pathlib import Path
from typing import Any

from aiohttp import web

from hub.errors import HubError, Invalid, NoSuch
from hub.records.run import Origin, RunState
from hub.web.parts import Parts, parts_of
from hub.web.shapes import run_details, run_shape, workflow_shape

MOST_RUNS = 1000


class UnusableUpload(Invalid):
    """An uploaded file cannot be used."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem}.")


async def list_runs(request: web.Request) -> web.Response:
    """GET /api/hub/runs?state=&workflow=&before=&limit="""
    parts, query = parts_of(request), request.query
    state = query.get("state")
    if state is not None and state not in list(RunState):
        raise Invalid(f"There is no state {state!r}; there are {', '.join(RunState)}.")
    runs = await parts.books.runs.page(
        state=RunState(state) if state else None,
        workflow=query.get("workflow"),
        before=_number(request, "before"),
        limit=min(_number(request, "limit") or 50, MOST_RUNS),
    )
    outputs = await parts.books.outputs.of_runs([run.id for run in runs])
    present = [parts.runs.present(run.id) or run for run in runs]
    return web.json_response({"runs": [run_shape(run, outputs[run.id]) for run in present]})


async def show_run(request: web.Request) -> web.Response:
    """GET /api/hub/runs/{run}, by id or number."""
    parts = parts_of(request)
    run = await parts.books.runs.get(request.match_info["run"])
    outputs = await parts.books.outputs.of_run(run.id)
    nodes = await parts.books.runs.nodes(run.id)
    progress = await parts.books.runs.progress(run.id)
    return web.json_response(run_details(run, outputs, nodes, progress))


async def cancel_run(request: web.Request) -> web.Response:
    """POST /api/hub/runs/{run}/cancel"""
    parts = parts_of(request)
    run = await parts.books.runs.get(request.match_info["run"])
    return web.json_response({"cancelled": parts.runs.cancel(run.id)})


async def send_output(request: web.Request) -> web.StreamResponse:
    """GET /api/hub/outputs/{output}, or a JPEG of it with ?thumbnail=PIXELS."""
    parts = parts_of(request)
    number = request.match_info["output"]
    if not number.isdigit():
        raise NoSuch("output", number)
    output = await parts.books.outputs.get(int(number))
    if not await asyncio.to_thread(output.path.exists):
        raise NoSuch("file", output.path.name, "It was moved or deleted since it was made.")
    longest_side = _number(request, "thumbnail")
    if longest_side is None:
        return web.FileResponse(output.path)
    jpeg = await parts.probe.thumbnail(output.path, min(longest_side, 2048))
    headers = {"Cache-Control": "max-age=31536000, immutable"}
    return web.Response(body=jpeg, content_type="image/jpeg", headers=headers)


async def upload_input(request: web.Request) -> web.Response:
    """POST /api/hub/inputs?name=FILE with the bytes as body; gives the name to refer to them by."""
    parts = parts_of(request)
    name = Path(request.query.get("name", "upload")).name
    folder = Path(tempfile.mkdtemp(dir=parts.folders.staging, prefix="upload-"))
    try:
        await _receive(request, folder / name)
        inspection = await parts.probe.inspect(folder / name)
        if inspection.problem is not None:
            raise UnusableUpload(name, inspection.problem)
        stored = await parts.books.inputs.admit(folder / name, inspection)
    finally:
        await asyncio.to_thread(_remove, folder / name, folder)
    return web.json_response({"name": stored})


async def list_workflows(request: web.Request) -> web.Response:
    """GET /api/hub/workflows"""
    workflows = parts_of(request).workflows()
    return web.json_response({"workflows": [workflow_shape(workflow) for workflow in workflows]})


async def run_workflow(request: web.Request) -> web.Response:
    """POST /api/hub/workflows/{name}/run with {"parameters": {…}}; 202 once it is on disk."""
    parts = parts_of(request)
    body = await json_object(request)
    values = body.get("parameters", {})
    if not isinstance(values, dict):
        raise Invalid('"parameters" must be an object of names and values.')
    _refuse_when_full(parts)
    run = await parts.workflow_runs.start(request.match_info["name"], values, origin=Origin.API)
    return web.json_response({"run": run_shape(run)}, status=202)


async def json_object(request: web.Request) -> dict[str, Any]:
    """The body, whatever its content type says. Raises `Invalid` if it is not a JSON object."""
    try:
        body = await request.json()
    except ValueError as error:
        raise Invalid(f"The body is not JSON: {error}.") from error
    if not isinstance(body, dict):
        raise Invalid("The body must be a JSON object.")
    return body


def _refuse_when_full(parts: Parts) -> None:
    parts.books.disk_space.check()


def _number(request: web.Request, name: str) -> int | None:
    text = request.query.get(name)
    if text is None:
        return None
    if not text.isdigit() or int(text) == 0:
        raise Invalid(f"{name}={text!r} must be a number above 0.")
    return int(text)


async def _receive(request: web.Request, path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        async for chunk in request.content.iter_chunked(1 << 20):
            await asyncio.to_thread(os.write, descriptor, chunk)
    except OSError as error:
        raise HubError(f"The upload could not be kept: {error.strerror}.") from error
    finally:
        os.close(descriptor)


def _remove(path: Path, folder: Path) -> None:
    path.unlink(missing_ok=True)
    folder.rmdir()
