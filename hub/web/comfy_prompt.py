"""ComfyUI's `/prompt` and `/history`, answered from the database."""

import math
import uuid
from datetime import datetime
from typing import Any

from aiohttp import web

from hub.errors import Invalid, NotFound
from hub.records.run import Origin, Run, RunNode, RunState
from hub.runs.request import GraphRefused, RunRequest
from hub.web.comfy_messages import end_message, plain, timestamp
from hub.web.json_body import NotJson, read_json
from hub.web.json_text import answer
from hub.web.parts import parts_of

CREDENTIALS = ("auth_token_comfy_org", "api_key_comfy_org")


class PromptRefused(Invalid):
    """The request is not one for a run; `kind` is ComfyUI's word for what is wrong."""

    def __init__(self, kind: str, message: str, details: str = "") -> None:
        self.kind = kind
        self.details = details
        super().__init__(message)


async def post_prompt(request: web.Request) -> web.Response:
    """POST /prompt: check the graph, put it on disk, queue it."""
    parts = parts_of(request)
    parts.books.disk_space.check()
    try:
        run_request = _run_request(await read_json(request), parts.clock.now())
        accepted = await parts.runs.enqueue(run_request)
    except NotJson as error:
        return _refusal("invalid_json", str(error), "")
    except PromptRefused as refused:
        return _refusal(refused.kind, str(refused), refused.details)
    except GraphRefused as refused:
        checked = refused.checked
        return answer({"error": checked.error, "node_errors": checked.node_errors}, status=400)
    return answer(
        {
            "prompt_id": accepted.run.id,
            "number": plain(accepted.run.position),
            "node_errors": accepted.node_errors,
        }
    )


async def get_prompt(request: web.Request) -> web.Response:
    """GET /prompt: how many runs are left."""
    remaining = parts_of(request).runs.remaining
    return answer({"exec_info": {"queue_remaining": remaining}})


async def get_history(request: web.Request) -> web.Response:
    """GET /history/{run}: the entry of an ended run, or an empty object."""
    books = parts_of(request).books
    prompt_id = request.match_info["run"]
    try:
        run = await books.runs.get(prompt_id)
    except NotFound:
        return answer({})
    if run.id != prompt_id or not run.state.ended:  # numbers find runs too, but not here
        return answer({})
    return answer({run.id: history_entry(run, await books.runs.nodes(run.id))})


def history_entry(run: Run, nodes: list[RunNode]) -> dict[str, Any]:
    """What ComfyUI's clients read of an ended run."""
    shown = [node for node in nodes if node.ui]
    return {
        "prompt": [plain(run.position), run.id, run.graph, run.extra, list(run.targets or ())],
        "outputs": {node.node: node.ui for node in shown},
        "status": {
            "status_str": "success" if run.state is RunState.SUCCEEDED else "error",
            "completed": run.state is RunState.SUCCEEDED,
            "messages": _messages(run, nodes),
        },
        "meta": {
            node.node: {
                "node_id": node.node,
                "display_node": node.display or node.node,
                "parent_node": node.display,
                "real_node_id": node.display or node.node,
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


def _run_request(body: Any, now: datetime) -> RunRequest:
    """Raises `PromptRefused`."""
    graph = body.get("prompt") if isinstance(body, dict) else None
    if graph is None:
        raise PromptRefused("no_prompt", "No prompt provided", "No prompt provided")
    if not isinstance(graph, dict):
        raise PromptRefused("invalid_prompt", "The prompt is no object of nodes.")
    number, client = body.get("number"), body.get("client_id")
    targets = body.get("partial_execution_targets")
    is_number = isinstance(number, int | float) and math.isfinite(number)
    return RunRequest(
        graph=graph,
        origin=Origin.PROMPT,
        id=_prompt_id(body.get("prompt_id")),
        targets=tuple(map(str, targets)) if isinstance(targets, list) else None,
        position=float(number) if is_number else None,
        front=bool(body.get("front")),
        client=None if client is None else str(client),
        extra=_extra(body.get("extra_data"), client, now),
    )


def _prompt_id(given: Any) -> str | None:
    """Only UUIDs in their usual spelling: ids name folders, and are told apart from numbers."""
    if given is None:
        return None
    try:
        if str(uuid.UUID(given)) == given:
            return str(given)
    except (ValueError, AttributeError, TypeError):
        pass
    raise PromptRefused("invalid_prompt_id", "prompt_id must be a valid UUID")


def _extra(given: Any, client: Any, now: datetime) -> dict[str, Any]:
    """What travels with the run. Credentials for a service of ComfyUI's are not kept."""
    extra = dict(given) if isinstance(given, dict) else {}
    for name in CREDENTIALS:
        extra.pop(name, None)
    if client is not None:
        extra["client_id"] = client
    return extra | {"create_time": timestamp(now)}


def _refusal(kind: str, message: str, details: str) -> web.Response:
    error = {"type": kind, "message": message, "details": details, "extra_info": {}}
    return answer({"error": error, "node_errors": {}}, status=400)
