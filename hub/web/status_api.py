"""How the hub is: whether it answers, whether it can carry out runs, and the numbers."""

from datetime import timedelta

from aiohttp import web

from hub.automations.overdue import overdue
from hub.engine.homes import worker_sentence
from hub.web import editor
from hub.web.json_text import answer
from hub.web.parts import parts_of
from hub.web.shapes import opinion_shape

LATELY = timedelta(days=1)  # what was missed before is history


async def healthz(request: web.Request) -> web.Response:
    """GET /healthz: the process answers."""
    return answer({"status": "ok"})


async def readyz(request: web.Request) -> web.Response:
    """GET /readyz: a worker is ready to carry out runs; 503 with the reason until then."""
    engine = parts_of(request).engine
    if engine.ready.is_set():
        return answer({"status": "ready"})
    states = "; ".join(map(worker_sentence, engine.workers))
    reason = f"No worker is ready yet: {states}"
    return answer({"status": "not ready", "reason": reason}, status=503)


async def show_status(request: web.Request) -> web.Response:
    """GET /api/hub/status: queue, workers, disk, files that need attention, configuration."""
    parts = parts_of(request)
    quarantined = await parts.books.ledger.quarantined()
    missed = await parts.books.occurrences.missed(parts.clock.now() - LATELY)
    late = await overdue(parts.supervisor, parts.books.occurrences, parts.clock.now())
    return answer(
        {
            "remaining": parts.runs.remaining,
            "waiting": parts.engine.waiting,
            "held_up": parts.engine.held_up,
            "workers": parts.engine.workers,
            "paused": parts.supervisor.switches.paused,
            "safe": parts.supervisor.switches.safe,
            "configuration": parts.live.status(),
            "disk_free": parts.books.disk_space.free,
            "disk_total": parts.books.disk_space.total,
            "editor": editor.is_installed(),
            "quarantined": [opinion_shape(opinion) for opinion in quarantined],
            "missed": missed,
            "overdue": late,
        }
    )
