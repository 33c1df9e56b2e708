"""ComfyUI's `/prompt` and `/history`, answered from the database."""

from datetime import datetime
from typing import Any

from aiohttp import web

from hub.errors import NotFound
from hub.records.run import Origin, Run, RunNode, RunState
from hub.runs.request import GraphRefused, RunRequest
from hub.web.comfy_messages import end_message, timestamp
from hub.web.parts import parts_of
from hub.web.runs_api import json_object

CREDENTIALS = ("auth_token_comfy_org", "api_key_comfy_org")


async def post_prompt(request: web.Request) -> web.Response:
    """POST /prompt: check the graph, put it on disk, queue it."""
    parts = parts_of(request)
    body = await json_object(request)
    graph = body.get("prompt")
    if not isinstance(graph, dict):
        return _refusal("no_prompt", "No prompt provided", "No prompt provided")
    parts.books.disk_space.check()
    try:
        accepted = await parts.runs.enqueue(_run_request(body, graph, parts.clock.now()))
    except GraphRefused as refused:
        answer = {"error": refused.checked.error, "node_errors": refused.checked.node_errors}
        return web.json_response(answer, status=400)
    return web.json_response(
        {
            "prompt_id": accepted.run.id,
            "number": accepted.run.position,
            "node_errors": accepted.node_errors,
        }
    )


async def get_prompt(request: web.Request) -> web.Response:
    """GET /prompt: how many runs are left."""
    remaining = parts_of(request).runs.remaining
    return web.json_response({"exec_info": {"queue_remaining": remaining}})


async def get_history(request: web.Request) -> web.Response:
    """GET /history/{run}: the entry of an ended run, or an empty object."""
    books = parts_of(request).books
    try:
        run = await books.runs.get(request.match_info["run"])
    except NotFound:
        return web.json_response({})
    if not run.state.ended:
        return web.json_response({})
    nodes = await books.runs.nodes(run.id)
    return web.json_response({run.id: history_entry(run, nodes)})


def history_entry(run: Run, nodes: list[RunNode]) -> dict[str, Any]:
    """What ComfyUI's clients read of an ended run."""
    shown = [node for node in nodes if node.ui]
    return {
        "prompt": [run.position, run.id, run.graph, run.extra, list(run.targets or ())],
        "outputs": {node.node: node.ui for node in shown},
        "status": {
            "status_str": "success" if run.state is RunState.SUCCEEDED else "error",
            "completed": run.state is RunState.SUCCEEDED,
            "messages": _messages(run, nodes),
        },
        "meta": {
            node.node: {
                "node_id": node.node,
                "display_node": node.node,
                "parent_node": None,
                "real_node_id": node.node,
            }
            for node in shown
        },
    }


def _messages(run: Run, nodes: list[RunNode]) -> list[list[Any]]:
    started = timestamp(run.started_at or run.created_at)
    cached = [node.node for node in nodes if node.cached]
    end = end_message(run, [node.node for node in nodes])
    return [
        ["execution_start", {"prompt_id": run.id, "timestamp": started}],
        ["execution_cached", {"nodes": cached, "prompt_id": run.id, "timestamp": started}],
        [end["type"], end["data"]],
    ]


def _run_request(body: dict[str, Any], graph: dict[str, Any], now: datetime) -> RunRequest:
    given = body.get("extra_data")
    extra = {
        key: value
        for key, value in (given.items() if isinstance(given, dict) else ())
        if key not in CREDENTIALS
    }
    client = body.get("client_id")
    if client is not None:
        extra["client_id"] = client
    extra["create_time"] = timestamp(now)
    targets = body.get("partial_execution_targets")
    number = body.get("number")
    prompt_id = body.get("prompt_id")
    return RunRequest(
        graph=graph,
        origin=Origin.PROMPT,
        id=None if prompt_id is None else str(prompt_id),
        targets=tuple(targets) if isinstance(targets, list) else None,
        position=float(number) if isinstance(number, int | float) else None,
        front=bool(body.get("front")),
        client=client,
        extra=extra,
    )


def _refusal(kind: str, message: str, details: str) -> web.Response:
    error = {"type": kind, "message": message, "details": details, "extra_info": {}}
    return web.json_response({"error": error, "node_errors": {}}, status=400)
