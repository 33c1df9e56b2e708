"""ComfyUI's `/history`, answered from the database: what became of prompts.

It lists the runs that were posted through the protocol. What a client clears is hidden from the
protocol's clients, and neither deleted nor hidden anywhere else.
"""

import asyncio
from typing import Any

from aiohttp import web

from hub.records.run import Run, RunNode, RunState
from hub.storage.prompt_history import PromptHistory
from hub.web.comfy_messages import end_message, executed_of
from hub.web.comfy_numbers import plain, timestamp
from hub.web.json_body import ids_in, read_json
from hub.web.json_text import answer, json_answer, to_json
from hub.web.parts import parts_of
from hub.web.query import integer

MOST = 10_000  # entries in one answer, as many as ComfyUI keeps
_AT_ONCE = 100


async def list_history(request: web.Request) -> web.Response:
    """GET /history?max_items=&offset=: entries in the order in which the runs ended.

    With an offset from there on, counted from the oldest; without one the latest.
    """
    history = parts_of(request).books.prompt_history
    count, offset = integer(request, "max_items"), integer(request, "offset")
    count = MOST if count is None else max(0, min(count, MOST))
    if offset is None or offset < 0:
        numbers = await history.latest(count)
    else:
        numbers = await history.ended_from(offset, count)
    return json_answer(await _entries(history, numbers))


async def get_history(request: web.Request) -> web.Response:
    """GET /history/{run}: the entry of an ended run, or an empty object."""
    parts, wanted = parts_of(request), request.match_info["run"]
    if parts.runs.unended(wanted) is not None:  # many ask again and again until it has ended
        return answer({})
    books = parts.books
    run = await books.prompt_history.get(wanted)
    if run is None:
        return answer({})
    return answer({run.id: history_entry(run, await books.runs.nodes(run.id))})


async def clear_history(request: web.Request) -> web.Response:
    """POST /history: hide all entries, or those of some runs. The answer is empty."""
    history = parts_of(request).books.prompt_history
    body = await read_json(request)
    if isinstance(body, dict) and body.get("clear"):
        await history.hide_all()
    if ids := ids_in(body, "delete"):
        await history.hide(ids, only_ended=True)
    return web.Response()


def history_entry(run: Run, nodes: list[RunNode]) -> dict[str, Any]:
    """What ComfyUI's clients read of an ended run."""
    shown = [node for node in nodes if node.ui]
    return {
        "prompt": queue_item(run),
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


def queue_item(run: Run) -> list[Any]:
    """What was asked for, as ComfyUI lists it in its queue and history."""
    return [plain(run.position), run.id, run.graph, run.extra, list(run.targets or ())]


async def _entries(history: PromptHistory, numbers: list[int]) -> bytes:
    """A JSON object of them. There may be many, so other requests get their turns between."""
    pieces = []
    for first in range(0, len(numbers), _AT_ONCE):
        details = await history.details(numbers[first : first + _AT_ONCE])
        pieces.append(await asyncio.to_thread(_members, details))
    return b"{%s}" % b",".join(filter(None, pieces))


def _members(details: list[tuple[Run, list[RunNode]]]) -> bytes:
    return to_json({run.id: history_entry(run, nodes) for run, nodes in details})[1:-1]


def _messages(run: Run, nodes: list[RunNode]) -> list[list[Any]]:
    started = timestamp(run.started_at or run.created_at)
    cached = [node.node for node in nodes if node.cached]
    end = end_message(run, executed_of(nodes))
    return [
        ["execution_start", {"prompt_id": run.id, "timestamp": started}],
        ["execution_cached", {"nodes": cached, "prompt_id": run.id, "timestamp": started}],
        [end["type"], end["data"]],
    ]
