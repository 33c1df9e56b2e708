"""What the routes of ComfyUI's protocol take and give, in short: their words are ComfyUI's."""

from typing import Any, Literal

from hub.web.openapi.hub_operations import KEYED, Above0
from hub.web.openapi.operation import Content, Operation, Operations, fields, file, json

_NAMES = Operation(answers={200: (json(list[str]),)})
_UPLOAD = Operation(
    body=(file("multipart/form-data"),),
    answers={200: (fields(name=str, subfolder=str, type=str),)},
)
_FILE = {"filename": str, "subfolder": str, "type": str}
_PART = Operation(answers={200: (file("*/*"),)})
_DONE: dict[int, tuple[Content, ...]] = {200: ()}
_KEPT = {"overwrite": Literal["true", "false"], "full_info": Literal["true", "false"]}
_LISTED = {"recurse": Literal["true", "false"], "split": Literal["true", "false"]}

_NO_ASSETS = Operation(
    summary="Refused, as by a server without assets",
    answers={503: (fields(error=dict[str, Any]),)},
)

COMFY_OPERATIONS: Operations = {
    "GET /api/assets": _NO_ASSETS,
    "POST /api/assets": _NO_ASSETS,
    "GET /api/assets/{asset}": _NO_ASSETS,
    "POST /api/assets/{asset}": _NO_ASSETS,
    "PUT /api/assets/{asset}": _NO_ASSETS,
    "DELETE /api/assets/{asset}": _NO_ASSETS,
    "GET /api/tags": _NO_ASSETS,
    "POST /prompt": Operation(
        headers=KEYED,
        body=(
            fields(
                prompt=dict[str, Any],
                prompt_id=str | None,
                client_id=str | None,
                number=float | None,
                front=bool,
                extra_data=dict[str, Any],
                partial_execution_targets=list[str] | None,
            ),
        ),
        answers={200: (fields(prompt_id=str, number=float, node_errors=dict[str, Any]),)},
    ),
    "GET /prompt": Operation(answers={200: (fields(exec_info=dict[str, int]),)}),
    "GET /queue": Operation(
        answers={200: (fields(queue_running=list[Any], queue_pending=list[Any]),)}
    ),
    "POST /queue": Operation(body=(fields(clear=bool, delete=list[str]),), answers={200: ()}),
    "POST /interrupt": Operation(body=(fields(prompt_id=str),), answers={200: ()}),
    "GET /history": Operation(
        summary="What became of prompts, in the order of their ends",
        query={"max_items": int, "offset": int},
        answers={200: (json(dict[str, Any]),)},
    ),
    "POST /history": Operation(body=(fields(clear=bool, delete=list[str]),), answers={200: ()}),
    "GET /history/{run}": Operation(answers={200: (json(dict[str, Any]),)}),
    "POST /upload/image": _UPLOAD,
    "POST /upload/mask": _UPLOAD,
    "GET /api/jobs": Operation(
        summary="Prompts, whether they wait, are carried out or have ended",
        query={
            "status": str,
            "workflow_id": str,
            "sort_by": Literal["created_at", "execution_duration"],
            "sort_order": Literal["asc", "desc"],
            "limit": Above0,
            "offset": int,
        },
    ),
    "GET /api/jobs/{job}": Operation(summary="One of these jobs, with its graph and outputs"),
    "POST /api/jobs/{job}/cancel": Operation(),
    "POST /api/jobs/cancel": Operation(
        summary="Take several jobs out of the queue, or stop them",
        body=(fields(job_ids=list[str]),),
    ),
    "POST /free": Operation(
        body=(fields(free_memory=bool, unload_models=bool),), answers={200: ()}
    ),
    "GET /system_stats": Operation(),
    "GET /object_info": Operation(summary="What every node takes and gives"),
    "GET /object_info/{class}": Operation(summary="What nodes of one class take and give"),
    "GET /models": _NAMES,
    "GET /models/{kind}": _NAMES,
    "GET /view_metadata/{kind}": Operation(query={"filename": str}),
    "GET /embeddings": _NAMES,
    "GET /view": Operation(query=_FILE, answers={200: (file("*/*"),)}),
    "GET /ws": Operation(
        summary="ComfyUI's messages, as a WebSocket", query={"clientId": str}, answers={101: ()}
    ),
    "GET /extensions": _NAMES,
    "GET /extensions/{pack}/{path}": _PART,
    "GET /features": Operation(),
    "GET /node_replacements": Operation(),
    "GET /experiment/models": Operation(),
    "GET /experiment/models/{kind}": Operation(),
    "GET /experiment/models/preview/{kind}/{index}/{file}": Operation(
        answers={200: (file("image/webp"),)}
    ),
    "GET /i18n": Operation(),
    "GET /workflow_templates": Operation(answers={200: (json(dict[str, list[str]]),)}),
    "GET /api/workflow_templates/{pack}/{file}": Operation(summary="A graph of a node pack"),
    "GET /global_subgraphs": Operation(summary="Subgraphs that node packs bring"),
    "GET /global_subgraphs/{id}": Operation(),
    "GET /users": Operation(),
    "POST /users": Operation(
        summary="Refused: users are made by the hub's own API", body=(fields(username=str),)
    ),
    "GET /settings": Operation(answers={200: (json(dict[str, Any]),)}),
    "POST /settings": Operation(body=(json(dict[str, Any]),), answers=_DONE),
    "GET /settings/{id}": Operation(summary="One of the editor's settings, or null"),
    "POST /settings/{id}": Operation(body=(json(),), answers=_DONE),
    "GET /userdata": Operation(
        summary="The user's files in a directory",
        query={"dir": str, "full_info": Literal["true", "false"], **_LISTED},
    ),
    "GET /v2/userdata": Operation(
        summary="The user's files and directories in a directory", query={"path": str}
    ),
    "GET /userdata/{file}": Operation(
        summary="A file of the user's", answers={200: (file("*/*"),)}
    ),
    "POST /userdata/{file}": Operation(
        summary="Keep a file for the user", query=_KEPT, body=(file(),)
    ),
    "DELETE /userdata/{file}": Operation(summary="Delete a file of the user's", answers={204: ()}),
    "POST /userdata/{file}/move/{to}": Operation(
        summary="Give a file of the user's another name", query=_KEPT
    ),
    "GET /internal/logs": Operation(answers={200: (json(str),)}),
    "GET /internal/logs/raw": Operation(summary="The last lines of the log, each with its time"),
    "PATCH /internal/logs/subscribe": Operation(
        summary="Have the log sent to the open sockets of a client, or no longer",
        body=(fields(clientId=str, enabled=bool),),
        body_is_required=True,
        answers=_DONE,
    ),
    "GET /internal/folder_paths": Operation(answers={200: (json(dict[str, list[str]]),)}),
    "GET /internal/files/{folder}": _NAMES,
    "GET /editor/": Operation(answers={200: (file("text/html"),)}),
    "GET /editor/{path}": _PART,
    "GET /editor/user.css": Operation(answers={200: (file("text/css"),)}),
    "GET /editor/templates/index{of}.json": Operation(),
    "GET /scripts/{path}": _PART,
    "GET /assets/{path}": _PART,
}
