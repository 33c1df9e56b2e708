"""ComfyUI's `/queue` and `/interrupt`: prompts that wait or are carried out.

Only runs that were posted through the protocol are listed, and only they can be taken out or
stopped here, so that nobody who clears a queue stops an automation.
"""

import asyncio
from collections.abc import Collection

from aiohttp import web

from hub.records.run import Origin, Run
from hub.runs.queue_order import queue_key
from hub.runs.service import Runs
from hub.web.comfy_history import queue_item
from hub.web.json_body import NotJson, ids_in, read_json
from hub.web.json_text import json_answer, to_json
from hub.web.parts import Parts, parts_of


async def show_queue(request: web.Request) -> web.Response:
    """GET /queue: what is carried out, and what waits, next first."""
    runs = parts_of(request).runs
    lists = {"queue_running": running_prompts(runs), "queue_pending": waiting_prompts(runs)}
    return json_answer(await asyncio.to_thread(_queue, lists))


async def clear_queue(request: web.Request) -> web.Response:
    """POST /queue: take out all that waits, or some of it. The answer is empty."""
    parts, body = parts_of(request), await read_json(request)
    if isinstance(body, dict) and body.get("clear"):
        await take_out(parts, {run.id for run in waiting_prompts(parts.runs)})
    await take_out(parts, ids_in(body, "delete"))
    return web.Response()


async def interrupt(request: web.Request) -> web.Response:
    """POST /interrupt: stop the run of that `prompt_id` if it is carried out now, or without one
    all that are. The answer is empty."""
    runs = parts_of(request).runs
    try:
        body = await read_json(request)
    except NotJson:
        body = {}
    wanted = body.get("prompt_id") if isinstance(body, dict) else None
    for run in running_prompts(runs):
        if not wanted or run.id == wanted:
            runs.cancel(run.id)
    return web.Response()


def running_prompts(runs: Runs) -> list[Run]:
    """Those that a worker carries out, or whose results are being put on the disk."""
    return [run for run in _prompts(runs) if runs.has_begun(run.id)]


def waiting_prompts(runs: Runs) -> list[Run]:
    """Those that no worker has begun, next first."""
    waiting = [run for run in _prompts(runs) if not runs.has_begun(run.id)]
    return sorted(waiting, key=queue_key)


async def take_out(parts: Parts, ids: Collection[str]) -> bool:
    """Take those of these prompts that wait out of the queue; whether there were any.

    As with ComfyUI nothing of them comes to the history, and they are gone when this returns; but
    whoever waits for one is told.
    """
    waiting = [run.id for run in waiting_prompts(parts.runs) if run.id in ids]
    taken = [run for run in waiting if parts.runs.cancel(run)]
    if taken:
        await parts.books.prompt_history.hide(taken)
        await asyncio.gather(*map(parts.runs.wait, taken))
    return bool(taken)


def _prompts(runs: Runs) -> list[Run]:
    return [run for run in runs.all_unended() if run.origin is Origin.PROMPT]


def _queue(lists: dict[str, list[Run]]) -> bytes:
    return to_json({name: [queue_item(run) for run in runs] for name, runs in lists.items()})
