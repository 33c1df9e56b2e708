"""A prompt as ComfyUI's `/api/jobs` describes it. What is not known yet is left out."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from hub.records.run import Run, RunNode, RunState
from hub.web.comfy_history import history_entry
from hub.web.comfy_messages import end_message, executed_of
from hub.web.comfy_numbers import plain, timestamp

STATES = {
    "pending": RunState.QUEUED,
    "in_progress": RunState.RUNNING,
    "completed": RunState.SUCCEEDED,
    "failed": RunState.FAILED,
    "cancelled": RunState.CANCELLED,
}
_NAMES = {state: name for name, state in STATES.items()}
_KINDS = {"images", "video", "audio", "3d", "text"}
_ENDINGS = {".obj", ".fbx", ".gltf", ".glb", ".usdz", ".txt", ".md", ".json"}
_NO_ITEMS = {"animated"}


def job_shape(run: Run, nodes: list[RunNode]) -> dict[str, Any]:
    """A job in a list."""
    items = list(_items(nodes))
    previews = [item for item in items if _has_preview(item)]
    job = {
        "id": run.id,
        "status": _NAMES[run.state],
        "priority": plain(run.position),
        "create_time": run.extra.get("create_time", timestamp(run.created_at)),
        "execution_start_time": run.started_at and timestamp(run.started_at),
        "execution_end_time": run.ended_at and timestamp(run.ended_at),
        "execution_error": _error(run, nodes),
        "outputs_count": len(items),
        "preview_output": _first(previews),
        "workflow_id": workflow_of(run).get("id"),
    }
    return {name: value for name, value in job.items() if value is not None}


def job_details(run: Run, nodes: list[RunNode]) -> dict[str, Any]:
    """A job by itself."""
    details = job_shape(run, nodes)
    if run.state.ended:
        entry = history_entry(run, nodes)
        details |= {"outputs": entry["outputs"], "execution_status": entry["status"]}
    return details | {"workflow": {"prompt": run.graph, "extra_data": run.extra}}


def _items(nodes: list[RunNode]) -> Iterator[dict[str, Any]]:
    """All that nodes show as objects, with the node and what it calls that."""
    for node in nodes:
        for kind, shown in (node.ui or {}).items():
            if kind in _NO_ITEMS or not isinstance(shown, list):
                continue
            for item in shown:
                if isinstance(item, dict):
                    yield {**item, "nodeId": node.node, "mediaType": kind}


def _has_preview(item: dict[str, Any]) -> bool:
    is_recording = str(item.get("format", "")).startswith(("video/", "audio/"))
    ending = PurePosixPath(str(item.get("filename", ""))).suffix.lower()
    return item["mediaType"] in _KINDS or is_recording or ending in _ENDINGS


def _first(previews: list[dict[str, Any]]) -> dict[str, Any] | None:
    """One that is kept, before one that is only shown."""
    kept = [item for item in previews if item.get("type") == "output"]
    return next(iter(kept + previews), None)


def _error(run: Run, nodes: list[RunNode]) -> dict[str, Any] | None:
    if run.state is not RunState.FAILED:
        return None
    data: dict[str, Any] = end_message(run, executed_of(nodes))["data"]
    return data


def workflow_of(run: Run) -> dict[str, Any]:
    """The graph as the editor drew it."""
    png = run.extra.get("extra_pnginfo")
    workflow = png.get("workflow") if isinstance(png, dict) else None
    return workflow if isinstance(workflow, dict) else {}
