"""How the hub is: whether it answers, whether it can carry out runs, and the numbers."""

from aiohttp import web

from hub.web.json_text import answer
from hub.web.parts import parts_of
from hub.web.shapes import opinion_shape


async def healthz(request: web.Request) -> web.Response:
    """GET /healthz: the process answers."""
    return answer({"status": "ok"})


async def readyz(request: web.Request) -> web.Response:
    """GET /readyz: a worker is ready to carry out runs; 503 with the reason until then."""
    if parts_of(request).engine.ready.is_set():
        return answer({"status": "ready"})
    reason = "No worker is ready yet; one is being started."
    return answer({"status": "not ready", "reason": reason}, status=503)


async def show_status(request: web.Request) -> web.Response:
    """GET /api/hub/status: the queue, the workers, the disk, and files that need attention."""
    parts = parts_of(request)
    quarantined = await parts.books.ledger.quarantined()
    return answer(
        {
            "remaining": parts.runs.remaining,
            "waiting": parts.engine.waiting,
            "workers": parts.engine.workers,
            "disk_free": parts.books.disk_space.free,
            "quarantined": [opinion_shape(opinion) for opinion in quarantined],
        }
    )
