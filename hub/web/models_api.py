"""The hub's own API: model files, and those that saved workflows lack."""

import asyncio
from typing import Any

from aiohttp import web

from hub.engine.engine import Engine
from hub.engine.model_inventory import missing_models, model_kinds
from hub.web.json_text import answer
from hub.web.parts import parts_of
from hub.workflows.filling import as_it_stands
from hub.workflows.workflow import Workflow


async def list_models(request: web.Request) -> web.Response:
    """GET /api/hub/models: the files of each kind, and for each workflow those it lacks."""
    parts = parts_of(request)
    workflows = list(parts.live.current.workflows)
    return answer(await asyncio.to_thread(_told, parts.engine, workflows))


def _told(engine: Engine, workflows: list[Workflow]) -> dict[str, Any]:
    lacking = {
        workflow.name: missing_models(graph, engine.catalogue, engine.files, given)
        for workflow in workflows
        for graph, given in [as_it_stands(workflow)]
    }
    return {
        "kinds": model_kinds(engine.files),
        "missing": {name: missing for name, missing in lacking.items() if missing},
    }
