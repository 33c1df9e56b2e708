"""The web server: everything it answers is in the one list of routes."""

from pathlib import Path

from aiohttp import web

from hub.web import (
    automations_api,
    comfy_files,
    comfy_prompt,
    comfy_socket,
    inputs_api,
    notices_socket,
    outputs_api,
    packs_api,
    runs_api,
    status_api,
    webhooks_api,
    workflows_api,
)
from hub.web.door import add_headers, guard
from hub.web.errors import answer_errors
from hub.web.parts import PARTS, Parts
from hub.web.sockets import SOCKETS, close_sockets

PAGE = Path(__file__).parent / "page"
LARGEST_BODY = 100 << 20  # as ComfyUI

ROUTES = [
    # health
    web.get("/healthz", status_api.healthz),
    web.get("/readyz", status_api.readyz),
    # webhooks
    web.get("/api/webhook/{webhook}", webhooks_api.take_webhook, allow_head=False),
    web.post("/api/webhook/{webhook}", webhooks_api.take_webhook),
    web.put("/api/webhook/{webhook}", webhooks_api.take_webhook),
    # the hub's own API
    web.get("/api/hub/status", status_api.show_status),
    web.get("/api/hub/automations", automations_api.list_automations),
    web.get("/api/hub/firings", automations_api.list_firings),
    web.get("/api/hub/firings/{firing}", automations_api.show_firing),
    web.get("/api/hub/why", automations_api.explain),
    web.get("/api/hub/packs", packs_api.list_packs),
    web.get("/api/hub/workflows", workflows_api.list_workflows),
    web.post("/api/hub/workflows/{name}/run", workflows_api.run_workflow),
    web.post("/api/hub/inputs", inputs_api.upload_input),
    web.get("/api/hub/runs", runs_api.list_runs),
    web.get("/api/hub/runs/{run}", runs_api.show_run),
    web.post("/api/hub/runs/{run}/cancel", runs_api.cancel_run),
    web.get(r"/api/hub/outputs/{output:\d{1,18}}", outputs_api.send_output),
    web.get("/api/hub/notices", notices_socket.send_notices),
    # ComfyUI's protocol, at the root and under /api
    *[
        route
        for prefix in ("", "/api")
        for route in (
            web.post(f"{prefix}/prompt", comfy_prompt.post_prompt),
            web.get(f"{prefix}/prompt", comfy_prompt.get_prompt),
            web.get(f"{prefix}/history/{{run}}", comfy_prompt.get_history),
            web.get(f"{prefix}/object_info", comfy_files.get_object_info),
            web.get(f"{prefix}/object_info/{{class}}", comfy_files.get_object_info),
            web.get(f"{prefix}/view", comfy_files.view),
            web.get(f"{prefix}/ws", comfy_socket.send_messages),
        )
    ],
]


def build(parts: Parts) -> web.Application:
    """The application that answers from `parts`."""
    app = web.Application(middlewares=[answer_errors, guard], client_max_size=LARGEST_BODY)
    app[PARTS] = parts
    app[SOCKETS] = set()
    app.add_routes(ROUTES)
    app.router.add_get("/", _page)
    app.router.add_static("/page", PAGE)
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(close_sockets)
    return app


async def _page(request: web.Request) -> web.FileResponse:
    """GET /: the page; what it shows comes from the API."""
    return web.FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})
