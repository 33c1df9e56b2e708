"""The hub's own API: saved workflows, and taking one in."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import web

from hub.engine.catalogue import Catalogue
from hub.engine.object_info import choices, object_info
from hub.web.json_body import asked_for
from hub.web.json_text import answer
from hub.web.parts import Parts, parts_of
from hub.web.shapes import workflow_shape
from hub.web.uploads import kept
from hub.workflows.importing import NoWorkflowInIt, graph_of, save_workflow
from hub.workflows.sidecar_text import sidecar_text, write_sidecar
from hub.workflows.workflow import Workflow


class EditedSidecar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`workflows/<name>.yaml` as it was edited; `version` is that of the text before."""

    text: str
    version: str | None = None


async def list_workflows(request: web.Request) -> web.Response:
    """GET /api/hub/workflows: all that can be run."""
    workflows = parts_of(request).live.current.workflows
    return answer({"workflows": [workflow_shape(workflow) for workflow in workflows]})


async def show_workflow(request: web.Request) -> web.Response:
    """GET /api/hub/workflows/{name}: what it takes, its graph, which inputs of which nodes each
    parameter fills, and what those offer to choose from, such as the model files that are there."""
    parts, workflow = parts_of(request), _workflow(request)
    fills = {
        name: {"nodes": list(parameter.node), "inputs": list(parameter.inputs)}
        for name, parameter in workflow.parameters.items()
    }
    # Model files may be many, and lie on a slow disk.
    offered = await asyncio.to_thread(_offered, workflow, parts.engine.catalogue)
    whole = {"graph": workflow.graph, "fills": fills, "offered": offered}
    return answer({**workflow_shape(workflow), **whole})


async def show_text(request: web.Request) -> web.Response:
    """GET /api/hub/workflows/{name}/text: the file in which its parameters are declared."""
    config = parts_of(request).folders.config
    file = await asyncio.to_thread(sidecar_text, config, _workflow(request))
    return answer({"text": file.text, "version": file.version})


async def save_text(request: web.Request) -> web.Response:
    """PUT /api/hub/workflows/{name}/text: write it as it is, if it goes with the graph."""
    parts, edited = parts_of(request), await asked_for(request, EditedSidecar)
    config, workflow = parts.folders.config, _workflow(request)
    saved = await asyncio.to_thread(
        write_sidecar, config, workflow, edited.text, version=edited.version
    )
    refused = await parts.live.follow(parts.supervisor)
    return answer({"version": saved.version, "refused": refused})


async def import_workflow(request: web.Request) -> web.Response:
    """POST /api/hub/workflows/import?name=&replace=true with a file as body: JSON in either format,
    or a picture or recording that carries a workflow."""
    parts, query = parts_of(request), request.query
    async with kept(request, parts, "") as path:
        text = await _text_of(path, parts)
    catalogue = parts.engine.catalogue
    graph = await asyncio.to_thread(graph_of, text, lambda name: _described(catalogue, name))
    name, replace = query.get("name", ""), query.get("replace") == "true"
    await asyncio.to_thread(save_workflow, parts.folders.config, name, graph, replace=replace)
    await parts.live.follow(parts.supervisor)  # the page shows what is wrong elsewhere
    classes = {node["class_type"] for node in graph.values()}
    unknown = sorted(name for name in classes if catalogue.get(name) is None)
    return answer({"name": name, "nodes": len(graph), "unknown": unknown}, status=201)


def _workflow(request: web.Request) -> Workflow:
    return parts_of(request).live.current.workflows.get(request.match_info["name"])


def _offered(workflow: Workflow, catalogue: Catalogue) -> dict[str, list[str]]:
    """What may be chosen for parameters that are no files of their own, by name."""
    found = {}
    for name, parameter in workflow.parameters.items():
        schema = catalogue.get(workflow.graph[next(iter(parameter.node))]["class_type"])
        item = schema and not parameter.type.is_path and schema.input(parameter.input)
        if item and (offered := choices(item, catalogue.files.list_folder)):
            found[name] = [str(each) for each in offered]
    return found


async def _text_of(path: Path, parts: Parts) -> str:
    """The JSON in an uploaded file. Raises `Invalid` if it holds none."""
    content = await asyncio.to_thread(path.read_bytes)
    if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return await parts.probe.workflow(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NoWorkflowInIt("this is not UTF-8") from None


def _described(catalogue: Catalogue, class_type: str) -> dict[str, Any] | None:
    schema = catalogue.get(class_type)
    return None if schema is None else object_info(schema, lambda folder: [])
