"""What the meter counted, and how things are right now, as Prometheus reads it."""

import asyncio
from collections import Counter

from aiohttp import web

from hub.records.run import RunState
from hub.web.meter import Meter, Now
from hub.web.parts import Parts, parts_of


async def show_metrics(request: web.Request) -> web.Response:
    """GET /metrics: numbers for Prometheus."""
    parts = parts_of(request)
    text, kind = await asyncio.to_thread(_written, parts.meter, _now(parts))
    return web.Response(body=text, headers={"Content-Type": kind})


def _now(parts: Parts) -> Now:
    states = Counter(run.state.value for run in parts.runs.all_unended())
    return Now(
        runs={state: states[state] for state in (RunState.QUEUED, RunState.RUNNING)},
        workers=Counter(worker.state.value for worker in parts.engine.workers),
        deliveries=parts.courier.waiting,
        disk_free=parts.books.disk_space.free,
    )


def _written(meter: Meter, now: Now) -> tuple[bytes, str]:
    from hub.web.prometheus import written  # late: not at the start of a hub that nobody watches

    return written(meter, now)
