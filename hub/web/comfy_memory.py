"""ComfyUI's `/free`."""

from aiohttp import web

from hub.web.json_body import read_json
from hub.web.parts import parts_of


async def post_free(request: web.Request) -> web.Response:
    """POST /free: have the workers give memory back, once the runs they have now are over."""
    body = await read_json(request)
    wanted = body if isinstance(body, dict) else {}
    cache = bool(wanted.get("free_memory"))
    if cache or wanted.get("unload_models"):
        parts_of(request).engine.free(cache=cache, models=True)
    return web.Response()
