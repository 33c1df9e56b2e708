"""A run as server-sent events: one for each notice of it, and the last with its outputs."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Any

from aiohttp import WSCloseCode, web

from hub.notices import (
    Notice,
    NoticesLost,
    PreviewChanged,
    RunFinished,
    Subscription,
    WorkerChanged,
)
from hub.records.run import Run
from hub.web.json_text import to_json
from hub.web.parts import Parts
from hub.web.shapes import notice_shape, run_shape
from hub.web.standing import End

SILENCE = 15.0  # seconds after which a comment shows that the connection is alive
HEADERS = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # proxies such as nginx would collect the events
}
Event = dict[str, Any]


async def stream_run(
    request: web.Request, parts: Parts, run: Run, subscription: Subscription
) -> web.StreamResponse:
    """Tell what happens to `run` until it has ended. `subscription` is older than the run."""
    response = web.StreamResponse(headers=HEADERS)
    await response.prepare(request)
    async with asyncio.TaskGroup() as tasks, aclosing(_events(parts, run, subscription)) as events:
        beating = tasks.create_task(_beat(response, parts), name=f"heartbeat of run {run.number}")
        with suppress(ConnectionResetError):  # the client has left, and the run goes on
            async for event in events:
                await response.write(_as_text(event))
            await response.write_eof()
        beating.cancel()
    return response


def stopping() -> End:
    """What stops the stream that the present task is going to send."""
    task = asyncio.current_task()

    async def end(code: WSCloseCode, reason: bytes) -> None:
        if task:
            task.cancel()

    return end


async def _beat(response: web.StreamResponse, parts: Parts) -> None:
    with suppress(ConnectionResetError):
        while True:
            await parts.clock.sleep(SILENCE)
            await response.write(b":\n\n")


def _as_text(event: Event) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (event["type"].encode(), to_json(event))


async def _events(
    parts: Parts, run: Run, subscription: Subscription
) -> AsyncGenerator[Event, None]:
    yield {"type": "RunQueued", "run": run_shape(run)}
    if parts.runs.unended(run.id) is None:  # it was asked for before, and is over
        yield await _end(parts, run.id)
        return
    held_up = parts.engine.held_up_by(run.id)
    if held_up is not None:
        yield _waiting(held_up)
    async for notice in subscription:
        match notice:
            case WorkerChanged():
                before, held_up = held_up, parts.engine.held_up_by(run.id)
                if held_up not in (None, before):
                    yield _waiting(held_up)
                continue
            case NoticesLost():
                yield notice_shape(notice)
                if parts.runs.unended(run.id) is not None:
                    continue
            case RunFinished() if notice.run.id == run.id:
                pass
            case _ if _is_of(notice, run):
                yield _shape(notice, run)
                continue
            case _:
                continue
        yield await _end(parts, run.id)
        return


def _is_of(notice: Notice, run: Run) -> bool:
    its = getattr(notice, "run", None)
    return isinstance(its, Run) and its.id == run.id and type(notice).__name__ != "RunQueued"


def _shape(notice: Notice, run: Run) -> Event:
    shape = notice_shape(notice)
    if isinstance(notice, PreviewChanged):
        shape["url"] = f"/api/hub/runs/{run.id}/preview"
    return shape


def _waiting(reason: str | None) -> Event:
    return {"type": "RunHeldUp", "reason": reason}


async def _end(parts: Parts, run_id: str) -> Event:
    run = await parts.books.runs.get(run_id)
    return {"type": "RunFinished", "run": run_shape(run, await parts.books.outputs.of_run(run_id))}
