"""ComfyUI's `/prompt`: graphs to be carried out."""

import sys
import uuid
from typing import Any

import msgspec
from aiohttp import web

from hub.deliveries.completions import WEBHOOK, checked_webhook
from hub.errors import Invalid, Unavailable
from hub.records.run import Origin
from hub.runs.request import GraphRefused, RunRequest
from hub.storage.database import HalfLetter
from hub.web.comfy_numbers import plain, timestamp
from hub.web.errors import status_of
from hub.web.json_body import NotJson, read_json
from hub.web.json_text import answer
from hub.web.parts import Parts, parts_of
from hub.web.queue_room import check_queue
from hub.web.request_key import RequestKey, request_key

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
    try:
        check_queue(parts)
        parts.books.disk_space.check()
        posted = await read_json(request)
        key = request_key(request, "/prompt", posted)
        body = await parts.engine.additions.hooked(posted)
        accepted = await parts.runs.enqueue(_run_request(body, parts, key))
        if key is not None:
            key.check(accepted.run)
    except NotJson as error:
        return _refusal("invalid_json", str(error), "")
    except Unavailable as error:
        return _not_now(error)
    except PromptRefused as refused:
        return _refusal(refused.kind, str(refused), refused.details)
    except HalfLetter as error:
        return _refusal("invalid_prompt", str(error), "")
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
    remaining = parts_of(request).runs.remaining_of(Origin.PROMPT)
    return answer({"exec_info": {"queue_remaining": remaining}})


def _run_request(body: Any, parts: Parts, key: RequestKey | None) -> RunRequest:
    """Raises `PromptRefused`."""
    graph = body.get("prompt") if isinstance(body, dict) else None
    if graph is None:
        raise PromptRefused("no_prompt", "No prompt provided", "No prompt provided")
    if not isinstance(graph, dict):
        raise PromptRefused("invalid_prompt", "The prompt is no object of nodes.")
    number, client = body.get("number"), body.get("client_id")
    targets = body.get("partial_execution_targets")
    is_number = isinstance(number, int | float) and abs(number) <= sys.float_info.max
    extra = _extra(body.get("extra_data"), client, parts)
    return RunRequest(
        graph=graph,
        origin=Origin.PROMPT,
        id=_prompt_id(body.get("prompt_id")) if key is None else key.run_id,
        targets=tuple(map(str, targets)) if isinstance(targets, list) else None,
        position=float(number) if is_number else None,
        front=bool(body.get("front")),
        client=None if client is None else str(client),
        extra=extra if key is None else key.marked(extra),
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


def _extra(given: Any, client: Any, parts: Parts) -> dict[str, Any]:
    """What travels with the run. Credentials for a service of ComfyUI's are not kept."""
    extra = dict(given) if isinstance(given, dict) else {}
    for name in CREDENTIALS:
        extra.pop(name, None)
    if client is not None:
        extra["client_id"] = client
    if extra.get(WEBHOOK) is not None:
        extra[WEBHOOK] = _webhook(extra[WEBHOOK], parts)
    return extra | {"create_time": timestamp(parts.clock.now())}


def _webhook(given: Any, parts: Parts) -> dict[str, Any]:
    try:
        webhook = checked_webhook(given, parts.live.current.settings.deliveries.secrets)
    except Invalid as error:
        raise PromptRefused("invalid_webhook", str(error)) from error
    return msgspec.structs.asdict(webhook)


def _not_now(error: Unavailable) -> web.Response:
    response = _refusal(type(error).__name__, str(error), "", status_of(error))
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _refusal(kind: str, message: str, details: str, status: int = 400) -> web.Response:
    error = {"type": kind, "message": message, "details": details, "extra_info": {}}
    return answer({"error": error, "node_errors": {}}, status=status)
