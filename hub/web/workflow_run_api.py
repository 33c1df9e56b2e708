"""The hub's own API: running a saved workflow, waiting for it, or watching it."""

import asyncio
from typing import Any

import msgspec
from aiohttp import web

from hub.deliveries.completions import WEBHOOK, checked_webhook
from hub.records.run import Origin, Run
from hub.web.inline_files import InlineFiles
from hub.web.json_text import answer
from hub.web.parts import Parts, parts_of
from hub.web.queue_room import check_queue
from hub.web.request_key import request_key
from hub.web.run_stream import stopping, stream_run
from hub.web.shapes import run_shape
from hub.web.standing import standing
from hub.web.wanted_run import WantedRun, read_wanted

LIMIT = 5000  # notices that wait for a slow client


async def run_workflow(request: web.Request) -> web.StreamResponse:
    """POST /api/hub/workflows/{name}/run: queue a run; 202 once it is on disk.

    With `wait` 200 once it is over, with `stream` its notices up to the end.
    """
    parts = parts_of(request)
    wanted = await read_wanted(request, parts)
    if not wanted.stream:
        run = await _run(request, parts, wanted)
        return await _answer(parts, run, wanted)
    with (
        standing(request, stopping()),
        parts.notices.subscribe(LIMIT) as subscription,
    ):
        run = await _run(request, parts, wanted)
        return await stream_run(request, parts, run, subscription)


async def _run(request: web.Request, parts: Parts, wanted: WantedRun) -> Run:
    """The run that is asked for, or was asked for before with the same key."""
    name = request.match_info["name"]
    workflow = parts.live.current.workflows.get(name)
    key = request_key(request, f"workflow {name}", _asked(wanted))
    if key and (known := await key.known_run(parts.runs, parts.books.runs)):
        return known
    check_queue(parts)
    parts.books.disk_space.check()
    extra = _extra(wanted, parts)
    run = await parts.workflow_runs.start(
        name,
        await InlineFiles(parts, workflow).taken_in(wanted.parameters),
        origin=Origin.API,
        priority=wanted.priority,
        id=key.run_id if key else None,
        extra=key.marked(extra) if key else extra,
    )
    if key:
        key.check(run)
    return run


def _asked(wanted: WantedRun) -> dict[str, Any]:
    """What makes a request another one; how its end is waited for does not."""
    asked = msgspec.to_builtins(wanted)
    return {name: asked[name] for name in ("parameters", "priority", "webhook")}


def _extra(wanted: WantedRun, parts: Parts) -> dict[str, Any]:
    if wanted.webhook is None:
        return {}
    secrets = parts.live.current.settings.deliveries.secrets
    return {WEBHOOK: msgspec.structs.asdict(checked_webhook(wanted.webhook, secrets))}


async def _answer(parts: Parts, run: Run, wanted: WantedRun) -> web.Response:
    if wanted.wait is not False:
        try:
            async with asyncio.timeout(None if wanted.wait is True else wanted.wait):
                run = await parts.runs.wait(run.id)
        except TimeoutError:
            run = parts.runs.unended(run.id) or run
    if not run.state.ended:
        shape = {"run": run_shape(run), "held_up": parts.engine.held_up_by(run.id)}
        return answer(shape, status=202)
    return answer({"run": run_shape(run, await parts.books.outputs.of_run(run.id))})
