"""The hub's own API: saved workflows, and running one."""

from typing import Any

import msgspec
from aiohttp import web

from hub.errors import Invalid
from hub.records.run import Origin
from hub.web.json_body import read_json
from hub.web.json_text import answer
from hub.web.parts import parts_of
from hub.web.shapes import run_shape, workflow_shape


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a run of a workflow is asked for with."""

    parameters: dict[str, Any] = {}
    priority: int = 0


async def list_workflows(request: web.Request) -> web.Response:
    """GET /api/hub/workflows: all that can be run."""
    workflows = parts_of(request).workflows()
    return answer({"workflows": [workflow_shape(workflow) for workflow in workflows]})


async def run_workflow(request: web.Request) -> web.Response:
    """POST /api/hub/workflows/{name}/run with {"parameters": {…}}; 202 once it is on disk."""
    parts = parts_of(request)
    try:
        wanted = msgspec.convert(await read_json(request), Wanted)
    except msgspec.ValidationError as error:
        raise Invalid(f"This is no request for a run: {error}.") from error
    parts.books.disk_space.check()
    run = await parts.workflow_runs.start(
        request.match_info["name"],
        wanted.parameters,
        origin=Origin.API,
        priority=wanted.priority,
    )
    return answer({"run": run_shape(run)}, status=202)
